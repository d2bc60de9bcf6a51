import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import { exampleFields } from '../../domain/people/party-fields.ts';

const lossAgoMs = 3 * 3_600_000;

/**
 * A complete notice of loss, with every field, for a sample policy that no sample claim has; the loss was
 * three hours before `now`. Its reference changes each minute, so that a newcomer can file several.
 */
export function exampleNotice(now: Date): NoticeOfLoss {
  return {
    source: 'hotline',
    reference: `example-${now.toISOString().slice(0, 16).replace(/\D/g, '')}`,
    policy: 'LK25-000108',
    lossAt: minuteOf(new Date(now.getTime() - lossAgoMs)),
    cause: 'collision',
    place: '龙口市港城大道与南山路路口',
    description: '停车等红灯时被后车追尾，后保险杠和后备箱盖受损，无人受伤，已报交警。',
    parties: [
      {
        id: 'owner',
        role: 'policyholder',
        ...exampleFields(),
        name: '于晓东',
        phone: '+8613800000115',
        email: 'yu.xiaodong@customers.example.test',
        account: '6222 0200 0000 0010 140',
      },
      { id: 'other-driver', role: 'third-party', name: '董丽', phone: '+8613800000116', locale: 'zh-CN' },
    ],
    items: [
      { object: 'insured-vehicle', party: 'owner', claimed: '3200.00' },
      { object: 'third-party-vehicle', party: 'other-driver', claimed: '2600.00' },
    ],
  };
}

/** `2026-11-20T08:30:00+08:00`, by the clock of the policy's country. */
function minuteOf(at: Date): string {
  const shanghai = new Date(at.getTime() + shanghaiOffsetMs).toISOString();
  return `${shanghai.slice(0, 16)}:00+08:00`;
}

const shanghaiOffsetMs = 8 * 3_600_000;
