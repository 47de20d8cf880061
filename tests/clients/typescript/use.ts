// What a program may do with the generated types. It compiles only if they say what is sent.
import type { EvaluationQuery, FeedSubscription } from "./generated";
import type { ReversalQuery, ThenAndNowQuery } from "./generated";

export function total(answer: EvaluationQuery): bigint | null {
  const money: string | undefined = answer.period?.totals.total; // exact: never a number
  return money === undefined ? null : BigInt(money);
}

export function next(message: FeedSubscription): number {
  return message.events.cursor + 1;
}

export function told(answer: ReversalQuery): string[] {
  return answer.scheme?.history.nodes.map((event) => `${event.effectiveOn} ${event.type}`) ?? [];
}

export function grew(answer: ThenAndNowQuery): boolean {
  return answer.now.period?.totals.total !== answer.endOf2018.period?.totals.total;
}
