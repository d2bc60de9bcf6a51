import fc from 'fast-check';
import { majorUnits, minorUnits, plainAmount } from '../../../domain/money/money.ts';

test.each([
  ['yuan have fen', 38_000_000, 'CNY', '380000.00'],
  ['one fen', 1, 'CNY', '0.01'],
  ['ten cents', 10, 'USD', '0.10'],
  ['nothing', 0, 'USD', '0.00'],
  ['less than nothing', -5, 'USD', '-0.05'],
  ['yen have no smaller part', 4800, 'JPY', '4800'],
  ['no yen', 0, 'JPY', '0'],
  ['less than no yen', -7, 'JPY', '-7'],
  ['dinars have a thousand', 4800, 'KWD', '4.800'],
  ['one fils', 1, 'BHD', '0.001'],
])('%s: %i minor units of %s are %s', (_, minor, currency, text) => {
  expect(majorUnits(minor, currency)).toBe(text);
  expect(plainAmount({ minor, currency })).toBe(`${currency} ${text}`);
});

test.each<[string, string | number, string, number | undefined]>([
  ['whole yuan', '4800', 'CNY', 480_000],
  ['a number', 4800, 'CNY', 480_000],
  ['one decimal', '4800.5', 'CNY', 480_050],
  ['two decimals', '4800.55', 'CNY', 480_055],
  ['three decimals', '4800.555', 'CNY', undefined],
  ['three decimals of a dinar', '4.805', 'KWD', 4805],
  ['four decimals of a dinar', '4.8055', 'KWD', undefined],
  ['whole yen', '4800', 'JPY', 4800],
  ['half a yen', '4800.5', 'JPY', undefined],
  ['less than nothing', '-1', 'CNY', undefined],
  ['a thousands mark', '4,800', 'CNY', undefined],
  ['a currency sign', '¥4800', 'CNY', undefined],
  ['an exponent', '1e3', 'CNY', undefined],
  ['no digits before the point', '.5', 'CNY', undefined],
  ['no digits after it', '5.', 'CNY', undefined],
  ['nothing', '', 'CNY', undefined],
  ['the largest that is exact', '90071992547409.91', 'CNY', Number.MAX_SAFE_INTEGER],
  ['one fen more', '90071992547409.92', 'CNY', undefined],
  ['a sum that a float would spoil', '0.29', 'USD', 29],
])('%s: %s %s', (_, decimal, currency, minor) => expect(minorUnits(decimal, currency)).toBe(minor));

test('what is written is read again as the same amount, in every currency', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      fc.constantFrom('CNY', 'USD', 'JPY', 'KRW', 'VND', 'KWD', 'BHD'),
      (minor, currency) => expect(minorUnits(majorUnits(minor, currency), currency)).toBe(minor),
    ),
  );
});
