import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { type Product, productList } from '../../../src/invoices/api-catalogue.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useMoneyFormat } from '../ui/money-text.tsx';
import { decimalMinor } from './product-price.ts';

const FOUND_MAX = 6;
const TYPING_PAUSE_MS = 120;

/** What a line is for: any words, or a product of the list, which brings its price and taxes. */
export function ProductField(props: {
  label: string;
  value: string;
  onText: (name: string) => void;
  onProduct: (product: Product) => void;
  error?: React.ReactNode;
}) {
  const { api, workspace } = useWorkspace();
  const money = useMoneyFormat();
  const [q] = useDebouncedValue(props.value.trim(), TYPING_PAUSE_MS);
  const found = useQuery({
    queryKey: [workspace.id, 'products', q],
    queryFn: ({ signal }) => api.get('/v1/products', productList, { query: { q, limit: FOUND_MAX }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const products = new Map((found.data?.data ?? []).map((product) => [product.name, product]));
  // The field writes the name of what was chosen into itself afterwards: that is no typing.
  const chosen = useRef<string | null>(null);
  const isProduct = products.has(props.value);
  return (
    <Autocomplete
      aria-label={props.label}
      placeholder="What is it for?"
      maxLength={300}
      data={isProduct ? [] : [...products.keys()]}
      filter={({ options }) => options}
      value={props.value}
      onChange={(text) => {
        const wasChosen = chosen.current === text;
        chosen.current = null;
        if (!wasChosen) props.onText(text);
      }}
      onOptionSubmit={(name) => {
        const product = products.get(name);
        if (!product) return;
        chosen.current = name;
        props.onProduct(product);
      }}
      renderOption={({ option }) => {
        const product = products.get(option.value);
        return (
          <span style={{ display: 'flex', flex: 1, gap: 16, justifyContent: 'space-between' }}>
            <span>{option.value}</span>
            {product && (
              <span style={{ color: 'var(--cf-ink-3)' }}>
                {money(decimalMinor(product.unit_price, product.currency), product.currency)}
                {product.unit && ` / ${product.unit}`}
              </span>
            )}
          </span>
        );
      }}
      comboboxProps={{ shadow: 'xl', width: 'max-content', position: 'bottom-start' }}
      error={props.error}
      data-cell="name"
    />
  );
}
