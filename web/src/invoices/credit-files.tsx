import { ActionIcon, Button, FileButton } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { fileSizeText, roomProblem } from '../../../src/invoices/attachment.ts';
import { useReader } from '../ui/reader.tsx';
import { Notice } from '../ui/states.tsx';
import classes from './attachments.module.css';
import { ACCEPTED_FILES, fileProblem } from './file-problem.ts';

/** Files that are sent together with what they belong to: a credit note is issued at once and takes none afterwards. */
export function CreditFiles(props: { files: readonly File[]; onChange: (files: readonly File[]) => void }) {
  const { files, onChange } = props;
  const { locale } = useReader();
  const [problem, setProblem] = useState<string | null>(null);

  function add(chosen: readonly File[]) {
    const kept = [...files];
    let refused: string | null = null;
    for (const file of chosen) {
      const sizes = kept.map(({ size }) => size);
      const wrong = fileProblem(file) ?? roomProblem(sizes, file.size);
      if (wrong === null) kept.push(file);
      else refused = `${file.name}: ${wrong}`;
    }
    setProblem(refused);
    onChange(kept);
  }
  return (
    <div className={classes.files}>
      {files.length > 0 && (
        <ul className={classes.list} aria-label="Files">
          {files.map((file, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two files may be called the same
            <li key={place} className={classes.file}>
              <span className={classes.name}>{file.name}</span>
              <span className={classes.size}>{fileSizeText(file.size, locale)}</span>
              <ActionIcon
                variant="subtle"
                aria-label={`Take ${file.name} away`}
                onClick={() => onChange(files.filter((one) => one !== file))}
              >
                <IconX size={16} stroke={1.8} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <div>
        <FileButton multiple accept={ACCEPTED_FILES} onChange={add}>
          {(button) => (
            <Button size="xs" {...button}>
              Add files
            </Button>
          )}
        </FileButton>
      </div>
      {problem && <Notice tone="red">{problem}</Notice>}
    </div>
  );
}
