import {
  correctableFields,
  inWords,
  partyFields,
  picked,
  removableFields,
  type CorrectableField,
  type RemovableField,
} from '../../../domain/people/party-fields.ts';
import { present } from '../../../domain/present.ts';
import { amount, moment } from '../input/arguments.ts';
import type { Cli } from '../command-action.ts';
import { misuse } from '../stop.ts';
import { fieldsOf, type Extra } from './extra.ts';
import { inKebab, type Param } from './params.ts';

interface CorrectedClaim {
  policy?: string;
  lossAt?: string;
  cause?: string;
  item?: string;
  claimed?: string;
  plate?: string;
}

const contactOptions = [...correctableFields, 'remove'].map((name) => `--${inKebab(name)}`);

type CorrectedContact = Partial<Record<CorrectableField, string>> & { remove?: RemovableField };

const ofContact = (name: CorrectableField): Param => {
  const { correction: of, ...field } = partyFields[name];
  return {
    name,
    place: 'option',
    needed: false,
    help: of.help,
    value: of.argument,
    ...present({ choices: 'values' in field ? field.values : undefined }),
  };
};

/** The commands that correct a notice of loss or a contact. */
export const corrections: { 'correct-claim': Extra; 'correct-contact': Extra } = {
  'correct-claim': {
    params: () => [
      ...fieldsOf('correct-claim', 'policy', 'lossAt', 'cause').map((param) =>
        param.name === 'lossAt'
          ? { ...param, help: 'when the loss happened', parse: moment }
          : { ...param, value: param.name === 'cause' ? 'code' : 'number' },
      ),
      {
        name: 'item',
        place: 'option',
        needed: false,
        value: 'item',
        help: 'item with a wrong claimed amount or number plate',
      },
      {
        name: 'claimed',
        place: 'option',
        needed: false,
        value: 'amount',
        help: 'correct claimed amount, with --item',
        parse: amount,
      },
      {
        name: 'plate',
        place: 'option',
        needed: false,
        value: 'plate',
        help: 'correct number plate of the vehicle, with --item',
      },
    ],
    check({ policy, lossAt, cause, item, claimed, plate }: CorrectedClaim) {
      if ((item === undefined) !== ((claimed ?? plate) === undefined))
        throw misuse('To correct an item, give --item, and --claimed or --plate.');
      if (!policy && !lossAt && !cause && !item)
        throw misuse('Give a correction: --policy, --loss-at, --cause, or --item with --claimed or --plate.');
    },
  },

  'correct-contact': {
    params: () => [
      ...fieldsOf('correct-contact', 'party'),
      ...correctableFields.map(ofContact),
      {
        name: 'remove',
        place: 'option',
        needed: false,
        value: 'field',
        help: 'take the telephone number or the email address away, such as a wrong number',
        choices: removableFields,
      },
    ],
    check({ remove, ...given }: CorrectedContact) {
      if (remove !== undefined && given[remove] !== undefined)
        throw misuse(`Give either --${remove} or --remove ${remove}.`);
      if (!remove && Object.values(picked(given, correctableFields)).length === 0)
        throw misuse(`Give a correction: ${inWords(contactOptions)}.`);
    },
    async send({ api }: Cli, claim: string, { remove, ...given }: CorrectedContact) {
      const removed = remove ? { [remove]: null } : {};
      return { value: await api.act(claim, 'correct-contact', { ...given, ...removed }) };
    },
  },
};
