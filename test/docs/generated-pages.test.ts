import { generated, pageAnew, pageNow } from '../../docs/generate/pages.ts';

test.each(generated)('what is made in $file is up to date (npm run docs)', (page) => {
  expect(pageNow(page.file)).toBe(pageAnew(page));
});
