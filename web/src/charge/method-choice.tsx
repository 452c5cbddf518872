import { Button, Radio } from '@mantine/core';
import type { PaymentMethod } from '../../../src/payments/api.ts';
import { methodDetail, methodName } from '../cards/method-words.ts';
import { MomentText } from '../ui/date-text.tsx';
import { Notice } from '../ui/states.tsx';
import classes from './charge.module.css';

/** The saved methods as a list of choices. Expired and blocked ones are shown with the reason and cannot be chosen. */
export function MethodChoice(props: {
  methods: readonly PaymentMethod[];
  value: string | null;
  onChange: (methodId: string) => void;
  onAddCard: () => void;
  error?: string | undefined;
}) {
  return (
    <div>
      {props.methods.length > 0 && (
        <Radio.Group label="Pay with" value={props.value} onChange={props.onChange} error={props.error}>
          <div className={classes.methods}>
            {props.methods.map((method) => {
              const isUsable = method.state === 'usable';
              return (
                // The whole line can be pressed, not only the circle.
                <label
                  key={method.id}
                  htmlFor={`choose-${method.id}`}
                  className={classes.method}
                  data-disabled={!isUsable || undefined}
                >
                  <Radio
                    id={`choose-${method.id}`}
                    size="xs"
                    mt={2}
                    value={method.id}
                    disabled={!isUsable}
                    aria-describedby={`${method.id}-more`}
                  />
                  <span className={classes.methodWords}>
                    <span className={classes.methodName}>{methodName(method)}</span>
                    <span className={classes.methodDetail} id={`${method.id}-more`}>
                      {methodDetail(method)}
                      {isUsable && method.retry_after && (
                        <>
                          {' · '}failed a short while ago, again from <MomentText at={method.retry_after} />
                        </>
                      )}
                    </span>
                  </span>
                </label>
              );
            })}
          </div>
        </Radio.Group>
      )}
      {props.methods.length === 0 ? (
        <div className={classes.noCards}>
          <span className={classes.subhead}>Pay with</span>
          <span className={classes.methodDetail}>No card is saved yet.</span>
          <Button onClick={props.onAddCard}>Add new card</Button>
          {props.error && <Notice tone="red">{props.error}</Notice>}
        </div>
      ) : (
        <Button size="xs" variant="subtle" className={classes.addCard} onClick={props.onAddCard}>
          + Add new card
        </Button>
      )}
    </div>
  );
}
