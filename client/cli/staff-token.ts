import { decodeJwt } from 'jose';
import { environmentWith, readEnv } from '../../config/env.ts';
import { loadKeys } from '../../security/key-folder.ts';
import { present } from '../../domain/present.ts';
import { issueToken, type Issuing } from '../../security/tokens.ts';
import { notDone } from './stop.ts';

/** A token for a member of staff, signed with the keys of this machine. Its id revokes it. Throws a Stop. */
export async function issueStaffToken(
  { staff, days, audience }: Pick<Issuing, 'staff' | 'days' | 'audience'>,
  dataDir: string | undefined,
): Promise<{ staff: string; id: string; token: string }> {
  const env = readEnv(environmentWith(dataDir ? { LIPEI_DATA: dataDir } : {}));
  const { privateKey } = loadKeys(env.keys).token;
  if (!privateKey)
    throw notDone(
      `There is no token.private.pem in ${env.keys.directory}. Issue tokens on the machine that has it.`,
    );
  const token = await issueToken(privateKey, { staff, days, now: new Date(), ...present({ audience }) });
  return { staff, id: decodeJwt(token).jti ?? '', token };
}
