// As deep as Node's own; at jest's hundred frames, each error that a program throws and catches costs several
// times as much.
Error.stackTraceLimit = 10;
