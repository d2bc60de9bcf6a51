import { z } from 'zod';
import { emailAddress } from '../../config/email-address.ts';
import { phoneNumber, phoneRight } from '../../config/notice/party-fields.ts';
import { jurisdictions } from '../../config/places.ts';
import type { Mark, Marking } from '../../domain/people/marks.ts';
import { policiesBody, policyKeys } from '../own-api/schemas/policies.ts';
import { problem, type ApiProblem } from './problem.ts';

type Asked = z.output<typeof policiesBody>;

/** What was looked for, by its kind alone, as the record of looks has it: `policies by plate and name`. */
export const kindsAsked = (asked: Asked): string =>
  `policies by ${Object.keys(policyKeys)
    .filter((name) => name in asked)
    .join(' and ')}`;

/**
 * The marks that a policy must have: one of each group. A problem where a telephone or a mailbox cannot be
 * one, or where nothing but a number was given (then there are no groups) or nothing at all.
 */
export function marksAsked(asked: Asked, mark: Marking): Mark[][] | ApiProblem {
  const { number, plate, phone, email, identity, name } = asked;
  if ([number, plate, phone, email, identity, name].every((each) => each === undefined))
    return problem(422, `A policy is found by one of ${Object.keys(policyKeys).join(', ')}.`);
  const phones = phone === undefined ? [] : phonesMeant(phone);
  if (phone !== undefined && phones.length === 0)
    return problem(422, `phone must be ${phoneRight}.`, { field: 'phone' });
  const mailbox = email === undefined ? undefined : emailAddress(email);
  if (email !== undefined && mailbox === undefined)
    return problem(422, 'email must be one email address such as wang@example.com.', { field: 'email' });
  return [
    ...(plate === undefined ? [] : [[mark('vehicle', plate)]]),
    ...(phones.length === 0 ? [] : [phones.map((each) => mark('telephone', each))]),
    ...(mailbox === undefined ? [] : [[mark('email', mailbox)]]),
    ...(identity === undefined ? [] : [[mark('identity', identity)]]),
    ...(name === undefined ? [] : [[mark('name', name)]]),
  ];
}

/** Without its country a number may be one of several countries. */
const phonesMeant = (written: string): string[] => [
  ...new Set(jurisdictions.flatMap((country) => phoneNumber(written, { country, locale: 'en' }) ?? [])),
];
