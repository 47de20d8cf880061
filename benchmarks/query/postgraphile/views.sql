-- What PostGraphile is shown: the head rows of the read models as plain views, which PostgreSQL
-- takes apart, so that the partial indexes of the head serve them. Keys and relations are told in
-- comments ("smart tags"); short relations are lists, as in our schema.

CREATE SCHEMA peer;

CREATE VIEW peer.province AS
    SELECT code, valid_from, name, region
    FROM model.province
    WHERE until = 9223372036854775807;
COMMENT ON VIEW peer.province IS E'@primaryKey code,valid_from';

CREATE VIEW peer.sector AS
    SELECT code, name
    FROM model.sector_group;
COMMENT ON VIEW peer.sector IS E'@primaryKey code';

CREATE VIEW peer.facility AS
    SELECT facility_id, name, name_sort, status, province_code, province_from, sector_group
    FROM model.facility
    WHERE until = 9223372036854775807 AND valid_to = 'infinity';
COMMENT ON VIEW peer.facility IS E'@primaryKey facility_id\n'
    '@foreignKey (province_code,province_from) references peer.province (code,valid_from)'
    '|@fieldName province\n'
    '@foreignKey (sector_group) references peer.sector (code)|@fieldName sector';

CREATE VIEW peer.scheme AS
    SELECT scheme_id, title, status
    FROM model.scheme
    WHERE until = 9223372036854775807 AND valid_to = 'infinity';
COMMENT ON VIEW peer.scheme IS E'@primaryKey scheme_id';

CREATE VIEW peer.commitment AS
    SELECT scheme_id, commitment_id, facility_id, activity, committed - taken_back AS amount,
           status, province_code, province_from, sector_group
    FROM model.commitment
    WHERE until = 9223372036854775807 AND valid_to = 'infinity';
COMMENT ON VIEW peer.commitment IS E'@primaryKey scheme_id,commitment_id\n'
    '@foreignKey (facility_id) references peer.facility (facility_id)|@fieldName facility\n'
    '@foreignKey (scheme_id) references peer.scheme (scheme_id)|@fieldName scheme\n'
    '@foreignKey (province_code,province_from) references peer.province (code,valid_from)'
    '|@fieldName province\n'
    '@foreignKey (sector_group) references peer.sector (code)|@fieldName sector';

CREATE VIEW peer.payment AS
    SELECT scheme_id, payment_id, commitment_id, kind, amount, paid_on
    FROM model.payment
    WHERE until = 9223372036854775807 AND valid_to = 'infinity';
COMMENT ON VIEW peer.payment IS E'@primaryKey scheme_id,payment_id\n'
    '@foreignKey (scheme_id,commitment_id) references peer.commitment (scheme_id,commitment_id)'
    '|@foreignSimpleFieldName payments|@behavior +list -connection';

CREATE VIEW peer.province_total AS
    SELECT province_code, province_from,
           coalesce(sum(amount) FILTER (
               WHERE kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION', 'REALLOCATION_OUT', 'REALLOCATION_IN')), 0)::bigint AS "grant",
           coalesce(sum(amount) FILTER (
               WHERE kind IN ('ADVANCE', 'DISBURSEMENT', 'REVERSAL')), 0)::bigint AS disbursed
    FROM model.entry
    WHERE until = 9223372036854775807 AND valid_to = 'infinity'
    GROUP BY province_code, province_from;
COMMENT ON VIEW peer.province_total IS E'@primaryKey province_code,province_from\n'
    '@behavior +list\n'
    '@foreignKey (province_code,province_from) references peer.province (code,valid_from)'
    '|@fieldName province';

CREATE FUNCTION peer.totals_of_sector(sector text) RETURNS SETOF peer.province_total
LANGUAGE sql STABLE AS $$
    SELECT province_code, province_from,
           coalesce(sum(amount) FILTER (
               WHERE kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION', 'REALLOCATION_OUT', 'REALLOCATION_IN')), 0)::bigint,
           coalesce(sum(amount) FILTER (
               WHERE kind IN ('ADVANCE', 'DISBURSEMENT', 'REVERSAL')), 0)::bigint
    FROM model.entry
    WHERE sector_group = $1 AND until = 9223372036854775807 AND valid_to = 'infinity'
    GROUP BY province_code, province_from
$$;
COMMENT ON FUNCTION peer.totals_of_sector IS '@behavior +list';

GRANT USAGE ON SCHEMA peer TO socai_service;
GRANT SELECT ON ALL TABLES IN SCHEMA peer TO socai_service;
