import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Most appends expect nothing but that the streams that they begin are new, claim no name and have no key. For them there is a function without
 * the twelve arrays of conditions, around which the one with conditions is built: each array that a function is given costs more than a
 * microsecond. What became of an append is one column, since each is looked up in the catalog. That another has begun a stream is an error by
 * the unique constraint, after which the service looks who it was; to go on after it here takes a subtransaction of every append. The functions
 * with other arguments stay for processes of the releases before.
 */
export class UnconditionalAppends1764000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The log is append-only, and so are its migrations.'));
  }
}

const UP = [
  // Null where there is no such dossier; else {head, recorded}, with the head before what was written; or, nothing written, {castSequence}: the
  // last set-up event, which somebody did not know.
  `CREATE FUNCTION append_events(
     dossier uuid, now_is timestamptz, known_cast bigint,
     event_id uuid[], event_stream_kind text[], event_stream uuid[], event_stream_version integer[],
     event_type text[], event_schema_version integer[],
     event_recorded_by text[], event_correlation uuid[], event_causation uuid[], event_data text[]
   ) RETURNS json LANGUAGE plpgsql STRICT SET plan_cache_mode = force_generic_plan AS $$
   DECLARE
     head bigint;
     recorded timestamptz;
     cast_sequence bigint;
   BEGIN
     SELECT h.sequence, greatest(h.recorded_at, now_is) INTO head, recorded
       FROM dossier_head h WHERE h.dossier_id = dossier FOR UPDATE;
     IF head IS NULL THEN RETURN NULL; END IF;

     -- After the head's lock, so that no set-up event can come between this look and the events that rest on it.
     IF known_cast < head THEN
       SELECT e.sequence INTO cast_sequence FROM event e
        WHERE e.dossier_id = dossier AND e.sequence > known_cast AND e.stream_kind IN ('party', 'speaker', 'topic', 'source')
        ORDER BY e.sequence DESC LIMIT 1;
       IF cast_sequence IS NOT NULL THEN RETURN json_build_object('castSequence', cast_sequence); END IF;
     END IF;

     INSERT INTO event (dossier_id, sequence, id, stream_kind, stream_id, stream_version, type, schema_version,
                        recorded_at, recorded_by, correlation_id, causation_id, data)
       SELECT h.dossier_id, h.sequence + generate_series(1, cardinality(event_id)), unnest(event_id),
              unnest(event_stream_kind), unnest(event_stream), unnest(event_stream_version),
              unnest(event_type), unnest(event_schema_version), recorded, unnest(event_recorded_by),
              unnest(event_correlation), unnest(event_causation), unnest(event_data)::json
         FROM dossier_head h WHERE h.dossier_id = dossier;

     UPDATE dossier_head h SET sequence = h.sequence + cardinality(event_id), recorded_at = recorded WHERE h.dossier_id = dossier;
     RETURN json_build_object('head', head, 'recorded', recorded);
   END $$`,

  // As the one without conditions; or, nothing written, {refusals}: whom they refuse, and why.
  `CREATE FUNCTION append_events_if(
     dossier uuid, now_is timestamptz, known_cast bigint,
     expected_unit integer[], expected_stream uuid[], expected_version integer[],
     claim_unit integer[], claim_name text[], claim_stream uuid[],
     key_unit integer[], key_name text[], key_fingerprint bytea[], key_offset integer[], key_answer text[],
     event_id uuid[], event_stream_kind text[], event_stream uuid[], event_stream_version integer[],
     event_type text[], event_schema_version integer[],
     event_recorded_by text[], event_correlation uuid[], event_causation uuid[], event_data text[]
   ) RETURNS json LANGUAGE plpgsql STRICT SET plan_cache_mode = force_generic_plan AS $$
   DECLARE
     refusals json;
     answer json;
     head bigint;
     recorded timestamptz;
   BEGIN
     PERFORM FROM dossier_head h WHERE h.dossier_id = dossier FOR UPDATE;

     -- To see whether anything is refused costs less than to say whom and why.
     IF EXISTS (
       SELECT FROM unnest(expected_stream, expected_version) AS x(stream, version)
        WHERE x.version <> coalesce((SELECT e.stream_version FROM event e WHERE e.dossier_id = dossier AND e.stream_id = x.stream
                                      ORDER BY e.stream_version DESC LIMIT 1), 0)
     ) OR EXISTS (
       SELECT FROM unnest(claim_name) AS x(name)
        WHERE (SELECT true FROM claim c WHERE c.dossier_id = dossier AND c.name = x.name LIMIT 1)
     ) OR EXISTS (
       SELECT FROM unnest(key_name) AS x(name)
        WHERE (SELECT true FROM idempotency i WHERE i.dossier_id = dossier AND i.key = x.name LIMIT 1)
     ) THEN
       SELECT json_agg(r) INTO refusals FROM (
         SELECT x.unit, 'version-conflict' AS reason, x.stream AS stream, x.version AS expected, coalesce(s.stream_version, 0) AS actual,
                NULL AS name, NULL::text AS fingerprint, NULL::bigint AS sequence, NULL::timestamptz AS recorded_at, NULL::json AS answer
           FROM unnest(expected_unit, expected_stream, expected_version) AS x(unit, stream, version)
           LEFT JOIN LATERAL (
             SELECT e.stream_version FROM event e WHERE e.dossier_id = dossier AND e.stream_id = x.stream
              ORDER BY e.stream_version DESC LIMIT 1) s ON true
          WHERE coalesce(s.stream_version, 0) <> x.version
         UNION ALL
         SELECT x.unit, 'claim-taken', c.stream_id, NULL, NULL, c.name, NULL, NULL, NULL, NULL
           FROM unnest(claim_unit, claim_name) AS x(unit, name),
                LATERAL (SELECT * FROM claim WHERE dossier_id = dossier AND claim.name = x.name LIMIT 1) c
         UNION ALL
         SELECT x.unit, 'key-used', NULL, NULL, NULL, i.key, encode(i.fingerprint, 'hex'), i.sequence, i.recorded_at, i.answer
           FROM unnest(key_unit, key_name) AS x(unit, name),
                LATERAL (SELECT * FROM idempotency WHERE dossier_id = dossier AND key = x.name LIMIT 1) i
       ) r;
       RETURN json_build_object('refusals', refusals);
     END IF;

     answer := append_events(dossier, now_is, known_cast, event_id, event_stream_kind, event_stream, event_stream_version, event_type,
                             event_schema_version, event_recorded_by, event_correlation, event_causation, event_data);
     head := answer ->> 'head';
     recorded := answer ->> 'recorded';
     IF head IS NULL THEN RETURN answer; END IF;

     IF cardinality(claim_name) > 0 THEN
       INSERT INTO claim (dossier_id, name, stream_id)
         SELECT dossier, c.name, c.stream FROM unnest(claim_name, claim_stream) AS c(name, stream);
     END IF;
     IF cardinality(key_name) > 0 THEN
       INSERT INTO idempotency (dossier_id, key, fingerprint, sequence, recorded_at, answer)
         SELECT dossier, k.name, k.fingerprint, head + k.first, recorded, k.answer::json
           FROM unnest(key_name, key_fingerprint, key_offset, key_answer) AS k(name, fingerprint, first, answer);
     END IF;
     RETURN answer;
   END $$`,
];
