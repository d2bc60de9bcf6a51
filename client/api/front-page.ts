import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Liquid } from 'liquidjs';
import { z } from 'zod';
import { claimNumber } from '../../domain/ids.ts';

/** The addresses of the local stack that people can open. In production there are none. */
export interface Places {
  temporalUi?: string | undefined;
  mail?: string | undefined;
  sms?: string | undefined;
  bank?: string | undefined;
  /** The option by which every command finds this stack, such as ` --data DIR`. */
  option: string;
  /** The samples were filed here. */
  hasSamples: boolean;
}

const address = z
  .string()
  .nullish()
  .transform((given) => given ?? undefined);
const stackFile = z.object({ temporalUi: address, mail: address, sms: address, bank: address });

/** Reads the file each time: the stack writes it when everything is ready. */
export function localPlaces(dataDirectory: string, usual: string): Places {
  const file = join(dataDirectory, 'stack.json');
  const option = dataDirectory === usual ? '' : ` --data ${dataDirectory}`;
  if (!existsSync(file)) return { option, hasSamples: false };
  const read = stackFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  const hasSamples = existsSync(join(dataDirectory, 'samples-filed.json'));
  return { ...read.data, option, hasSamples };
}

const engine = new Liquid({ outputEscape: 'escape', strictVariables: true, strictFilters: true });
const template = engine.parse(readFileSync(join(import.meta.dirname, 'front-page.liquid'), 'utf8'));

/** The page at the API's own address, in English and Chinese. */
export function frontPage({ option, hasSamples, ...places }: Places, version: string) {
  const html: unknown = engine.renderSync(template, {
    version,
    doors: doorsTo(places),
    about,
    commands: commandsFor(option, hasSamples),
    isLocal: places.temporalUi !== undefined,
  });
  return String(html);
}

type Addresses = Omit<Places, 'option' | 'hasSamples'>;

const doorsTo = ({ temporalUi, mail, sms, bank }: Addresses) =>
  [
    {
      name: 'Temporal Web UI',
      chinese: '流程',
      url: temporalUi,
      what: 'Every claim is a workflow that shows what it waits for.',
      whatChinese: '每个案件在等谁、等多久、下一步是什么。',
    },
    {
      name: 'Text messages',
      chinese: '短信',
      url: sms,
      what: 'The telephones of the customers. Answer a text there, as a customer does.',
      whatChinese: '客户的手机。可以像客户一样回复短信。',
    },
    {
      name: 'Emails',
      chinese: '邮件',
      url: mail,
      what: 'What customers and staff are sent.',
      whatChinese: '发给客户和员工的邮件。',
    },
    {
      name: 'Bank',
      chinese: '银行',
      url: bank,
      what: 'The payments that were ordered. No money moves.',
      whatChinese: '已下达的付款指令。不会真的付款。',
    },
  ].filter(({ url }) => url !== undefined);

const about = [
  {
    name: 'API description',
    chinese: '接口说明',
    url: '/openapi.json',
    what: 'Every route, as OpenAPI 3.1.',
    whatChinese: '所有接口，OpenAPI 3.1 格式。',
  },
  {
    name: 'Health',
    chinese: '运行状况',
    url: '/health',
    what: 'What can be reached, and what cannot.',
    whatChinese: '各部分是否正常。',
  },
  {
    name: 'Notice of loss',
    chinese: '报案格式',
    url: '/schemas/notice-of-loss.json',
    what: 'The shape of a first report, as JSON Schema.',
    whatChinese: '报案数据的格式，JSON Schema。',
  },
];
function commandsFor(option: string, hasSamples: boolean) {
  const large = claimNumber('samples', 'large-loss');
  const all = [
    { typed: 'bin/lipei staff list', says: 'Who works here', chinese: '都有谁', sample: false },
    { typed: 'bin/lipei claims list', says: 'What each claim waits for', chinese: '谁在等谁', sample: false },
    {
      typed: 'bin/lipei work --as C-301',
      says: 'What waits for one of them',
      chinese: '某个人的待办',
      sample: true,
    },
    {
      typed: `bin/lipei claims show ${large}`,
      says: 'One claim on one page',
      chinese: '一个案件的全貌',
      sample: true,
    },
    {
      typed: 'bin/lipei claims file --example',
      says: 'A notice of loss to file',
      chinese: '一份报案样例',
      sample: false,
    },
  ];
  return all
    .filter(({ sample }) => hasSamples || !sample)
    .map(({ typed, says, chinese }) => ({ typed: `${typed}${option}`, says, chinese }));
}
