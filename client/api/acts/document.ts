import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  attachmentLimitBytes,
  type RejectedAttachment,
  type StoredAttachment,
} from '../../../providers/attachments/folder.ts';
import { firstSentence, strictFields } from '../../../config/field-sentences.ts';
import { documentKeptSchema, recordedSchema, type Recorded } from '../../own-api/schemas/acts.ts';
import { keepAttachment } from '../../../records/claims/attachments.ts';
import { followUpOnDocument } from '../../../records/claims/follow-ups.ts';
import { anyClaim, messageId, perform, unknownName } from '../acting.ts';
import { colleagueOf } from '../authentication.ts';
import type { ApiContext, Found } from '../context.ts';
import { isProblem, problem, problems, sendProblem, type ApiProblem } from '../problem.ts';
import { claimParams, text } from '../schemas.ts';
import { itemOf } from '../../../domain/claim/claim.ts';
import { partyId } from '../../../domain/claim/notice.ts';
import { ruleFor } from '../../../domain/documents/requirements.ts';
import { document as aDocument, item as anItem } from '../../../domain/claim/fields.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { present } from '../../../domain/present.ts';

const documentFields = strictFields({
  document: text(aDocument.help, aDocument.max),
  item: text(anItem.help, anItem.max).optional(),
});
type DocumentFields = z.output<typeof documentFields>;
type DocumentKept = z.output<typeof documentKeptSchema>;

/** A body up to this size is read to its end, so that the sender gets the reason. A larger one is cut off. */
const patienceBytes = 10 * attachmentLimitBytes;

/** Only for the API description: the parts are read one by one. */
const formSchema = z.unknown().meta({
  type: 'object',
  required: ['file', 'document'],
  properties: {
    document: { type: 'string' },
    item: { type: 'string' },
    file: { type: 'string', format: 'binary' },
  },
});

const limits = {
  fileSize: attachmentLimitBytes,
  files: 1,
  fields: 5,
  fieldSize: 1000,
  fieldNameSize: 100,
  parts: 6,
};

/** Documents are files. Their bytes stream to the store and never fill the memory. */
export async function addDocumentRoute(app: FastifyInstance, context: ApiContext): Promise<void> {
  await app.register(multipart, { limits, throwFileSizeLimit: false });
  const schema = {
    tags: ['acts'],
    summary: actInWords('add-document'),
    description:
      'Multipart with file (PDF, JPEG or PNG of up to 20 MB), document, ' +
      'and item where the claim has several items',
    consumes: ['multipart/form-data'],
    params: claimParams,
    body: formSchema,
    response: { 200: recordedSchema, 202: documentKeptSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/acts/add-document', { schema }, async (request, reply) => {
      const { no } = request.params;
      const found = await anyClaim(context, request, no);
      if (isProblem(found)) return sendProblem(reply, found);
      if (!request.isMultipart()) return sendProblem(reply, notMultipart());
      if (Number(request.headers['content-length'] ?? 0) > patienceBytes)
        return sendProblem(reply.header('connection', 'close'), tooLarge());
      const came = await receive(context, request, found);
      if (isProblem(came)) return sendProblem(reply, came);
      const answer = await addDocument(context, request, found, came);
      if (isProblem(answer)) return sendProblem(reply, answer);
      return answer.kind === 'kept' ? reply.code(202).send(answer) : answer;
    });
}

/** Keeps the document and sends it to the claim. A claim that has closed gets a follow-up instead. */
async function addDocument(
  context: ApiContext,
  request: FastifyRequest,
  found: Found,
  { id, about: { document, item }, stored }: Came,
): Promise<Recorded | DocumentKept | ApiProblem> {
  const { claim } = found;
  const { sha256 } = stored;
  const { number } = claim;
  const party = ownerOf(found, { document, ...present({ item }) });
  const kept = await keepAttachment(
    context.database,
    context.keyring,
    { claim: number, party, document, ...present({ item }), by: colleagueOf(request).code },
    stored,
  );
  if (kept !== 'kept') await context.attachments.remove(stored.file);
  if (kept === 'erased') return erasedParty(party);
  const late = async (): Promise<DocumentKept> => ({
    kind: 'kept',
    followUp: await followUpOnDocument(context.database, { claim: number, document, sha256 }),
  });
  if (claim.outcome) return late();
  const content = { document, ...present({ item }), attachment: sha256 };
  const answer = await perform(context, request, { claim: number, act: 'add-document', id, content });
  return isProblem(answer) && answer.reason === 'claim-closed' ? late() : answer;
}

/** A document of an item is its party's; one of the whole claim is the claimant's. */
function ownerOf({ claim, pack }: Found, { document, item }: DocumentFields): string {
  const rule = ruleFor(document, pack);
  const only = claim.items.length === 1 ? claim.items[0] : undefined;
  const about = item === undefined ? only : itemOf(claim, item);
  return (rule?.scope === 'item' ? about?.party : undefined) ?? partyId(0);
}

const erasedParty = (party: string): ApiProblem =>
  problem(409, `The personal data of ${party} have been erased, so no document of theirs can be kept.`);

interface Came {
  kind: 'came';
  id: string;
  about: DocumentFields;
  stored: StoredAttachment;
}

/**
 * Checks the fields before the file is stored, where they come first. Reads all parts, even after a mistake,
 * so that the connection stays usable.
 */
async function receive(
  context: ApiContext,
  request: FastifyRequest,
  found: Found,
): Promise<Came | ApiProblem> {
  const given: Record<string, unknown> = {};
  let stored: StoredAttachment | ApiProblem | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'field') given[part.fieldname] = part.value;
    else stored = await keep(context, part, 'document' in given ? documentFieldsIn(given, found) : undefined);
  }
  const named = documentFieldsIn(given, found);
  const id = messageId(request);
  if (stored && !isProblem(stored) && (isProblem(named) || typeof id !== 'string'))
    await context.attachments.remove(stored.file);
  if (isProblem(named)) return named;
  if (!stored)
    return problem(400, 'file is missing: it must be a PDF, JPEG or PNG file of up to 20 MB.', {
      field: 'file',
    });
  if (typeof id !== 'string') return id;
  return isProblem(stored) ? stored : { kind: 'came', id, about: named, stored };
}

async function keep(
  { attachments }: ApiContext,
  { file, fieldname }: MultipartFile,
  named: ApiProblem | object | undefined,
): Promise<StoredAttachment | ApiProblem> {
  const misplaced =
    fieldname === 'file' ? undefined : problem(400, 'A file must come as the field file.', { field: 'file' });
  const wrong = misplaced ?? named;
  if (wrong && isProblem(wrong)) {
    file.resume();
    return wrong;
  }
  const answer = await attachments.put(file);
  file.resume();
  return answer.kind === 'stored' ? answer : rejections[answer.why]();
}

function documentFieldsIn(given: Record<string, unknown>, found: Found): DocumentFields | ApiProblem {
  const parsed = documentFields.safeParse(given);
  if (!parsed.success) {
    const { field, sentence } = firstSentence(parsed.error, 'The form');
    return problem(400, sentence, { field });
  }
  return unknownName(found, parsed.data) ?? parsed.data;
}

const notMultipart = (): ApiProblem =>
  problem(415, 'The body must be multipart/form-data with the fields file, document and perhaps item.');

const tooLarge = (): ApiProblem => problem(413, 'file must be at most 20 MB.', { field: 'file' });

const rejections: Record<RejectedAttachment['why'], () => ApiProblem> = {
  'too-large': tooLarge,
  'wrong-type': () => problem(415, 'file must be a PDF, JPEG or PNG by its content.', { field: 'file' }),
  empty: () => problem(422, 'file must not be empty.', { field: 'file' }),
};
