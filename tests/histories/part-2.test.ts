import { runHistories } from './run-histories.ts';

runHistories(1, 2);
