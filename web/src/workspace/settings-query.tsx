import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { describeError } from '../app/api-problem.ts';
import { ErrorState, SkeletonLines } from '../ui/states.tsx';

/** A part of Settings that is read first: grey lines meanwhile, what failed with Retry, or `children` of the answer. */
export function SettingsQuery<T>(props: { query: UseQueryResult<T>; what: string; children: (value: T) => ReactNode }) {
  const { query } = props;
  if (query.data !== undefined) return props.children(query.data);
  if (query.isError) {
    return (
      <ErrorState
        title={`${props.what} could not be loaded`}
        message={describeError(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <SkeletonLines lines={5} width="480px" />;
}
