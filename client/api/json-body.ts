import type { FastifyInstance } from 'fastify';

/** The body is no text in the encoding that the request declares. */
export class NotThatEncoding extends Error {
  readonly sentence: string;

  constructor(sentence: string) {
    super(sentence);
    this.sentence = sentence;
  }
}

/**
 * Reads JSON in the encoding of the Content-Type (`charset=gb18030`), else in UTF-8. Letters that cannot be
 * read are an error, and never become `\uFFFD`. Fastify itself would read any bytes as UTF-8.
 */
export function readJsonAsDeclared(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = textIn(body, charsetOf(request.headers['content-type'] ?? ''));
    return text instanceof NotThatEncoding ? done(text) : parse(request, text, done);
  });
}

const charsetOf = (contentType: string): string =>
  /;\s*charset\s*=\s*"?([^\s;"]+)"?/i.exec(contentType)?.[1] ?? 'utf-8';

function textIn(body: Buffer, charset: string): string | NotThatEncoding {
  const decoder = decoderOf(charset);
  if (!decoder)
    return new NotThatEncoding('The charset of the Content-Type is unknown; utf-8 and gb18030 are known.');
  try {
    return decoder.decode(body);
  } catch {
    return new NotThatEncoding(
      `The body is not text in ${decoder.encoding}. Send it as UTF-8, or name its encoding, ` +
        'such as Content-Type: application/json; charset=gb18030.',
    );
  }
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return undefined;
  }
}
