/** A scanned sheet of paper: a minimal PDF that names its document and claim. */
export function paper(document: string, claim: string): { name: string; content: Blob } {
  const text = `BT /F1 18 Tf 72 720 Td (${document} of claim ${claim}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R ' +
      '/Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ].map((body, index) => `${index + 1} 0 obj\n${body}\nendobj\n`);
  const starts = objects.map((_, index) => header.length + objects.slice(0, index).join('').length);
  const table = [
    '0000000000 65535 f ',
    ...starts.map((start) => `${String(start).padStart(10, '0')} 00000 n `),
  ].join('\n');
  const body = `${header}${objects.join('')}`;
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  const pdf = `${body}xref\n0 ${size}\n${table}\n${trailer}`;
  return { name: `${document}.pdf`, content: new Blob([pdf], { type: 'application/pdf' }) };
}

const header = '%PDF-1.4\n';
