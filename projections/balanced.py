"""What must be true of the accounts (cân đối kế toán): the statements that `identities` tries.

Each takes a position ($1) and a day ($2), and finds what breaks it.
"""

from typing import Final, LiteralString

BALANCED: Final[LiteralString] = """
    SELECT source || ' ' || budget_year
    FROM model.posting
    WHERE position <= $1 AND effective_on <= $2
    GROUP BY source, budget_year
    HAVING sum(debit) <> sum(credit)
    ORDER BY 1
    LIMIT 1
"""
ACCOUNTS: Final[LiteralString] = """
    WITH account AS (
        SELECT scheme_id, commitment_id,
               coalesce(sum(debit - credit) FILTER (WHERE account = 'COMMITTED'), 0) AS open,
               coalesce(sum(debit - credit) FILTER (
                   WHERE account IN ('ADVANCED', 'DISBURSED')), 0) AS paid,
               coalesce(sum(debit - credit) FILTER (WHERE account = 'SETTLED'), 0) AS settled,
               coalesce(sum(debit - credit) FILTER (WHERE account = 'RECOVERABLE'), 0) AS owed,
               coalesce(sum(debit - credit) FILTER (WHERE account = 'RECOVERED'), 0) AS recovered,
               coalesce(sum(debit - credit) FILTER (
                   WHERE account = 'WRITTEN_OFF'), 0) AS written_off
        FROM model.posting
        WHERE position <= $1 AND effective_on <= $2 AND commitment_id IS NOT NULL
        GROUP BY scheme_id, commitment_id
    ), balance AS (
        SELECT scheme_id, commitment_id,
               committed - taken_back - (advanced + disbursed - reversed) AS open,
               advanced + disbursed - reversed AS paid,
               coalesce(settled, 0) AS settled,
               claimed - recovered - written_off AS owed, recovered, written_off
        FROM model.commitment
        WHERE since <= $1 AND until > $1 AND valid_from <= $2
          AND (valid_to > $2 OR valid_to = 'infinity')
    )
    SELECT scheme_id || ' ' || commitment_id
    FROM account
    FULL JOIN balance USING (scheme_id, commitment_id)
    WHERE (coalesce(account.open, 0), coalesce(account.paid, 0), coalesce(account.settled, 0),
           coalesce(account.owed, 0), coalesce(account.recovered, 0),
           coalesce(account.written_off, 0))
        IS DISTINCT FROM (balance.open, balance.paid, balance.settled,
            balance.owed, balance.recovered, balance.written_off)
      AND (balance.open IS NOT NULL OR $2 = 'infinity')
    ORDER BY 1
    LIMIT 1
"""
FREE: Final[LiteralString] = """
    WITH free AS (
        SELECT scheme_id, source, budget_year, sum(debit - credit) AS amount
        FROM model.posting
        WHERE position <= $1 AND effective_on <= $2 AND account = 'CEILING'
        GROUP BY scheme_id, source, budget_year
    ), promised AS (
        SELECT scheme_id, source, budget_year, sum(amount) AS amount
        FROM model.entry
        WHERE position <= $1 AND effective_on <= $2
          AND kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION',
              'REALLOCATION_OUT', 'REALLOCATION_IN')
        GROUP BY scheme_id, source, budget_year
    ), approved AS (
        SELECT scheme_id, source, budget_year, sum(amount) AS amount
        FROM (
            SELECT scheme_id, source, budget_year, amount
            FROM model.ceiling
            WHERE since <= $1 AND until > $1 AND valid_from <= $2
              AND (valid_to > $2 OR valid_to = 'infinity')
            UNION ALL
            SELECT scheme_id, source, budget_year, amount FROM model.balance
            WHERE position <= $1 AND effective_on <= $2
        ) AS line
        GROUP BY scheme_id, source, budget_year
    )
    SELECT scheme_id || ' ' || source || ' ' || budget_year
    FROM approved
    FULL JOIN promised USING (scheme_id, source, budget_year)
    FULL JOIN free USING (scheme_id, source, budget_year)
    WHERE coalesce(approved.amount, 0)
        <> coalesce(promised.amount, 0) + coalesce(free.amount, 0)
    ORDER BY 1
    LIMIT 1
"""
PLANS: Final[LiteralString] = """
    WITH account AS (
        SELECT source, budget_year,
               coalesce(sum(credit - debit) FILTER (WHERE account = 'BUDGET'), 0) AS budget,
               coalesce(sum(debit - credit) FILTER (WHERE account = 'PLAN'), 0) AS unassigned
        FROM model.posting
        WHERE position <= $1 AND $2::date IS NOT NULL AND source = 'NATIONAL_GRANT'
        GROUP BY source, budget_year
    ), said AS (
        SELECT source, budget_year, amount, amount - assigned AS unassigned
        FROM model.plan
        WHERE since <= $1 AND until > $1 AND valid_to = 'infinity'
    )
    SELECT source || ' ' || budget_year
    FROM said
    FULL JOIN account USING (source, budget_year)
    WHERE (coalesce(account.budget, 0), coalesce(account.unassigned, 0))
        IS DISTINCT FROM (coalesce(said.amount, 0), coalesce(said.unassigned, 0))
    ORDER BY 1
    LIMIT 1
"""
PLEDGES: Final[LiteralString] = """
    WITH account AS (
        SELECT scheme_id, budget_year,
               coalesce(sum(debit - credit) FILTER (WHERE account = 'PLEDGED'), 0) AS open,
               coalesce(sum(debit - credit) FILTER (WHERE account = 'INVESTED'), 0) AS invested
        FROM model.posting
        WHERE position <= $1 AND effective_on <= $2 AND account IN ('PLEDGED', 'INVESTED')
        GROUP BY scheme_id, budget_year
    ), line AS (
        SELECT scheme_id, budget_year,
               coalesce(sum(amount) FILTER (WHERE kind = 'PLEDGE'), 0) AS pledged,
               coalesce(sum(amount) FILTER (WHERE kind = 'INVESTMENT'), 0) AS invested
        FROM model.entry
        WHERE position <= $1 AND effective_on <= $2 AND kind IN ('PLEDGE', 'INVESTMENT')
        GROUP BY scheme_id, budget_year
    )
    SELECT scheme_id || ' ' || budget_year
    FROM line
    FULL JOIN account USING (scheme_id, budget_year)
    WHERE (line.pledged, line.invested)
        IS DISTINCT FROM (account.open + account.invested, account.invested)
    ORDER BY 1
    LIMIT 1
"""
