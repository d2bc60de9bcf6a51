import type { NoticeOfLoss } from '../domain/claim/notice.ts';
import { present } from '../domain/present.ts';
import { accountFault } from '../config/account.ts';
import { connectDatabase } from '../records/database.ts';
import { objectsOf } from '../records/policies/policies.ts';

/** The number of the nth copy of a policy. */
export const policyCopy = (policy: string, nth: number): string => `${policy}-${nth}`;

/**
 * Copies of a policy under numbers of their own, for measurements with many claims: what belongs to one
 * policy and loss is counted together, so claims of a thousand customers need a thousand policies. They know
 * no people and no vehicle, so nobody is a stranger to them.
 */
export async function copyPolicy(ownersUrl: string, policy: string, copies: number): Promise<void> {
  const database = connectDatabase(ownersUrl);
  const found = await database.policy.findFirstOrThrow({ where: { number: policy, replacedAt: null } });
  const objects = Object.entries(objectsOf(found.objects)).map(([key, { sumInsuredMinor, excessMinor }]) => [
    key,
    { sumInsuredMinor, excessMinor },
  ]);
  await database.policy.createMany({
    data: Array.from({ length: copies }, (_, index) => ({
      ...found,
      objects: Object.fromEntries(objects),
      people: [],
      special: JSON.parse(JSON.stringify(found.special)),
      sealed: null,
      key: null,
      number: policyCopy(policy, index + 1),
    })),
    skipDuplicates: true,
  });
  await database.$disconnect();
}

/**
 * The notice with parties that no other one has, and without number plates: what is paid to one account or
 * person, or for one vehicle, is counted together, too. The accounts are card numbers with their check digit
 * (Luhn).
 */
export const withOwnParties = (notice: NoticeOfLoss, nth: number): NoticeOfLoss => ({
  ...notice,
  items: notice.items.map(({ object, party, claimed }) => ({ object, party, claimed })),
  parties: notice.parties.map((party, index) => {
    const own = String(nth * 10 + index).padStart(8, '0');
    const { account, phone, email } = party;
    return {
      ...party,
      ...present({
        account: account && cardNumber(`62220201${own.padStart(10, '0')}`),
        phone: phone && `+86139${own}`,
        email: email && `party.${own}@customers.example.test`,
      }),
    };
  }),
});

/** The digits with the check digit that fits. */
const cardNumber = (digits: string): string =>
  Array.from('0123456789', (check) => `${digits}${check}`).find(
    (number) => accountFault(number, 'CN') === undefined,
  ) ?? digits;
