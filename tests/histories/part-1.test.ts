import { runHistories } from './run-histories.ts';

runHistories(0, 2);
