import { Button, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Product, productList } from '../../../src/invoices/api-catalogue.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { DataTable } from '../ui/data-table.tsx';
import { Section } from '../ui/page-header.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { EmptyState, Notice } from '../ui/states.tsx';
import settings from '../workspace/settings.module.css';
import { useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { useTaxes } from './draft-facts.ts';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

/** What is sold again and again: its name fills a line of a document. */
export function SettingsProducts({ mayWrite }: { mayWrite: boolean }) {
  const [edited, setEdited] = useState<Product | 'new' | null>(null);
  const source = useCursorPages<Product>({ key: 'products', path: '/v1/products', page: productList, query: {} });
  const add = mayWrite && <Button onClick={() => setEdited('new')}>New product</Button>;
  return (
    <Section title="Products" note="Offered while a line is written." actions={add}>
      <DataTable
        label="Products"
        isCompact
        source={source}
        rowId={(product) => product.id}
        {...(mayWrite ? { onOpen: setEdited } : {})}
        columns={[
          { id: 'name', header: 'Name', width: 'minmax(140px, 3fr)', render: (product) => product.name },
          { id: 'sku', header: 'SKU', width: '120px', minTableWidth: 520, render: (product) => product.sku },
          {
            id: 'price',
            header: 'Price',
            width: '144px',
            align: 'right',
            render: (product) => `${product.unit_price} ${product.currency}`,
          },
          ...(mayWrite
            ? [
                {
                  id: 'edit',
                  header: 'Edit',
                  width: '80px',
                  render: (product: Product) => (
                    <Button size="xs" variant="subtle" onClick={() => setEdited(product)}>
                      Edit
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
        phone={(product) => ({
          title: product.name,
          value: `${product.unit_price} ${product.currency}`,
          detail: product.sku ?? '',
        })}
        empty={<EmptyState title="No products yet">Lines can be written without one.</EmptyState>}
      />
      {edited && <ProductSheet product={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Section>
  );
}

function ProductSheet({ product, onClose }: { product: Product | null; onClose: () => void }) {
  const deed = useCatalogueDeed();
  const taxes = useTaxes().data?.data ?? [];
  const own = useWorkspaceFacts()?.currency ?? 'USD';
  const [fields, setFields] = useState({
    name: product?.name ?? '',
    description: product?.description ?? '',
    sku: product?.sku ?? '',
    unit: product?.unit ?? '',
    unit_price: product?.unit_price ?? '',
    currency: product?.currency ?? own,
  });
  const [codes, setCodes] = useState(product?.taxes ?? taxes.filter((tax) => tax.is_default).map((tax) => tax.code));
  const field = (name: keyof typeof fields, label: string, more: object = {}) => (
    <TextInput
      label={label}
      value={fields[name]}
      error={deed.errorOf(name)}
      onChange={(event) => setFields({ ...fields, [name]: event.currentTarget.value })}
      {...more}
    />
  );
  async function save(event: FormEvent) {
    event.preventDefault();
    const body = {
      ...fields,
      name: fields.name.trim(),
      unit_price: fields.unit_price.replace(',', '.').trim(),
      currency: fields.currency.trim().toUpperCase(),
      sku: fields.sku.trim() === '' ? null : fields.sku.trim(),
      taxes: codes,
    };
    const isDone = await deed.save(() =>
      product ? deed.api.patch(`/v1/products/${product.id}`, body) : deed.api.post('/v1/products', body),
    );
    if (isDone) onClose();
  }
  return (
    <SideSheet
      isOpen
      onClose={onClose}
      title={product ? `Edit ${product.name}` : 'New product'}
      isBusy={deed.isRunning}
      footer={
        <>
          {product && (
            <Button
              variant="subtle"
              color="red"
              onClick={() =>
                void deed.run(() => deed.api.remove(`/v1/products/${product.id}`)).then((isDone) => isDone && onClose())
              }
            >
              Remove
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" form="product" loading={deed.isRunning}>
            {product ? 'Save product' : 'Add product'}
          </Button>
        </>
      }
    >
      <form id="product" className={settings.form} onSubmit={(event) => void save(event)} noValidate>
        {field('name', 'Name', { 'data-autofocus': true })}
        <div className={settings.pair}>
          {field('unit_price', 'Price of one', { inputMode: 'decimal' })}
          {field('currency', 'Currency', { maxLength: 3 })}
          {field('unit', 'Unit', { placeholder: 'hour' })}
          {field('sku', 'SKU')}
        </div>
        <MultiSelect
          label="Taxes"
          data={taxes.map((tax) => ({ value: tax.code, label: tax.label }))}
          value={codes}
          error={deed.errorOf('taxes')}
          onChange={setCodes}
        />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          value={fields.description}
          error={deed.errorOf('description')}
          onChange={(event) => setFields({ ...fields, description: event.currentTarget.value })}
        />
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
      </form>
    </SideSheet>
  );
}
