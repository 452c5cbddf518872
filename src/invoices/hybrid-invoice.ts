import type { PdfFacts } from '../foundation/pdf-document.ts';
import { ciiDocument } from './cii-document.ts';
import { eInvoiceOf } from './e-invoice.ts';
import type { InvoiceSnapshot } from './invoice-snapshot.ts';

/** Factur-X 1.0 and ZUGFeRD 2 are one format: a PDF/A-3 that carries the same invoice as CII, under this name. */
const FILE_NAME = 'factur-x.xml';
const NAMESPACE = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#';

/** Properties that PDF/A wants described before they are used: name and what it tells. */
const PROPERTIES = [
  ['DocumentFileName', 'The name of the embedded XML document'],
  ['DocumentType', 'The type of the hybrid document in capital letters'],
  ['Version', 'The version of the standard'],
  ['ConformanceLevel', 'The conformance level of the XML document'],
] as const;

/** What makes the PDF of a document a hybrid invoice: the file it carries, and what its metadata tell of it. */
export function hybridArchive(snapshot: InvoiceSnapshot): NonNullable<PdfFacts['archive']> {
  return {
    files: [
      {
        name: FILE_NAME,
        mediaType: 'text/xml',
        bytes: Buffer.from(ciiDocument(eInvoiceOf(snapshot))),
        description: `The invoice ${snapshot.number} as data`,
        relationship: 'Alternative',
      },
    ],
    xmp: xmp(),
  };
}

function xmp(): string {
  const described = PROPERTIES.map(
    ([name, tells]) =>
      `<rdf:li rdf:parseType="Resource"><pdfaProperty:name>${name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>${tells}</pdfaProperty:description></rdf:li>`,
  ).join('\n');
  return `<rdf:Description rdf:about="" xmlns:fx="${NAMESPACE}">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>${FILE_NAME}</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema><pdfaSchema:namespaceURI>${NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
${described}
</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>`;
}
