import { meantKind } from '../../../client/api/document-names.ts';

const known = ['driving-licence', 'police-determination', 'repair-invoice', 'accident-certificate'];

test.each([
  ['driving-license', 'driving-licence'],
  ['drivers-licence', 'driving-licence'],
  ['Driving Licence', 'driving-licence'],
  ['驾驶证', 'driving-licence'],
  ['交通事故认定书', 'police-determination'],
  ['repair-invoices', 'repair-invoice'],
  ['passport', undefined],
  ['x', undefined],
])('%s is %s', (written, kind) => expect(meantKind(written, known)).toBe(kind));
