import { Select } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { TermsAnswer } from '../../../src/invoices/api-catalogue.ts';
import { termsWords } from '../../../src/invoices/written-terms.ts';
import { SkeletonLines } from '../ui/states.tsx';
import { termsOf } from './draft-amounts.ts';
import type { TermsChoice as Choice } from './draft-form.ts';
import classes from './editor.module.css';

const TermsFields = lazy(async () => ({ default: (await import('./terms-fields.tsx')).TermsFields }));

/** Terms of the library, the usual ones, or terms of this document's own. */
export function TermsChoice(props: {
  value: Choice;
  library: readonly TermsAnswer[];
  onChange: (choice: Choice) => void;
  errorOf: (path: string) => string | undefined;
}) {
  const { value, library, onChange } = props;
  const terms = termsOf(value, library);
  const words = termsWords(terms);
  return (
    <>
      <Select
        label="Terms"
        data={[
          { value: 'default', label: `Usual: ${termsWords(termsOf({ kind: 'default' }, library))}` },
          ...library.map((one) => ({ value: one.id, label: one.name })),
          { value: 'own', label: 'Own terms for this one' },
        ]}
        value={value.kind === 'library' ? value.id : value.kind}
        description={value.kind === 'library' ? words : undefined}
        error={props.errorOf('terms_id')}
        onChange={(chosen) => {
          if (chosen === 'own') onChange({ kind: 'own', terms });
          else if (chosen === 'default' || chosen === null) onChange({ kind: 'default' });
          else onChange({ kind: 'library', id: chosen });
        }}
      />
      {value.kind === 'own' && (
        <div className={`${classes.wide} ${classes.main}`} style={{ gap: 16 }}>
          <Suspense fallback={<SkeletonLines lines={2} />}>
            <TermsFields
              value={value.terms}
              onChange={(next) => onChange({ kind: 'own', terms: next })}
              errorOf={(path) => props.errorOf(`terms.${path}`)}
            />
          </Suspense>
        </div>
      )}
    </>
  );
}
