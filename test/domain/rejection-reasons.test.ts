import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../config/env.ts';
import { rejectionReasons } from '../../domain/documents/requirements.ts';

const words = z.object({ reasons: z.record(z.string(), z.string()) });

test.each(['en', 'zh-CN'])('every reason to reject a paper is a sentence to customers who read %s', (tag) => {
  const { reasons } = words.parse(
    JSON.parse(readFileSync(join(projectRoot, 'templates', tag, 'words.json'), 'utf8')),
  );
  expect(rejectionReasons.filter((code) => !reasons[code])).toEqual([]);
});
