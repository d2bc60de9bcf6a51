import { Argument, Option } from 'commander';

/** An option that takes one of a few words; the error lists them. */
export const choice = (flags: string, description: string, words: readonly string[]): Option =>
  new Option(flags, description).choices([...words]);

/** An argument that takes one of a few words. */
export const oneOf = (name: string, description: string, words: readonly string[]): Argument =>
  new Argument(name, description).choices([...words]);
