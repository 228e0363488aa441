import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Erasing what the law orders erased (docs/proof.md). The log stays append-only but for one change, which the database itself holds to its
 * rule: an event's data and the salt of its leaf, and nothing else, may go where an event PayloadRedacted of its dossier names it. So may an
 * answer kept for an idempotency key that repeats what has been erased.
 */
export class Redaction1764000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const rows = (await runner.query('SELECT quote_ident(current_schema()) AS schema')) as {
      schema: string;
    }[]; // holds: by the query
    // Whoever may make temporary tables must not lend these functions an "event" of their own: the schema is named, and temporary tables come last.
    const path = `SET search_path = ${rows[0]?.schema ?? 'public'}, pg_temp`;
    for (const statement of statements(path)) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The log is append-only, and so are its migrations.'));
  }
}

const statements = (path: string): readonly string[] => [
  // NULL is what is left of a payload that was erased: no event is recorded with it.
  'ALTER TABLE event ALTER COLUMN data DROP NOT NULL',
  'ALTER TABLE idempotency ALTER COLUMN answer DROP NOT NULL',

  `CREATE INDEX event_of_redaction ON event (dossier_id, sequence) WHERE type = 'PayloadRedacted'`,

  /**
   * Whether an answer tells what a stream is about. Records and things bear their id and a version in answers, references to parties, speakers,
   * topics and sources their id and a name or title; a mere id, such as that of a statement replied to, tells nothing, nor does what is left.
   */
  `CREATE FUNCTION tells_of(answer json, stream uuid) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT ${path}
   RETURN strpos(answer::text, stream::text) > 0 AND jsonb_path_exists(
     answer::jsonb, '$.** ? (@.id == $id && !(@.redacted != null) && (exists(@.version) || @.name != "[redacted]" || @.title != "[redacted]"))',
     jsonb_build_object('id', stream))`,

  // Asked from end to end before anything is erased: a dossier's redactions are few, and its index holds nothing else.
  `CREATE FUNCTION is_redacted(dossier uuid, named bigint) RETURNS boolean LANGUAGE sql STABLE STRICT ${path}
   RETURN EXISTS (SELECT FROM event r WHERE r.dossier_id = dossier AND r.type = 'PayloadRedacted' AND r.sequence > named
                     AND (r.data::jsonb -> 'sequences') @> to_jsonb(named))`,

  `CREATE FUNCTION refuse_change_but_erasure_of_data() RETURNS trigger LANGUAGE plpgsql ${path} AS $$
   DECLARE erased event;
   BEGIN
     erased := OLD;
     erased.data := NULL;
     IF NEW *= erased AND OLD.data IS NOT NULL AND OLD.type <> 'PayloadRedacted' AND is_redacted(OLD.dossier_id, OLD.sequence) THEN RETURN NEW; END IF;
     RAISE EXCEPTION 'the log is append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
   END $$`,

  `CREATE FUNCTION refuse_change_but_erasure_of_salt() RETURNS trigger LANGUAGE plpgsql ${path} AS $$
   DECLARE erased ledger_leaf;
   BEGIN
     erased := OLD;
     erased.salt := NULL;
     IF NEW *= erased AND EXISTS (
       SELECT FROM event e WHERE e.dossier_id = OLD.dossier_id AND e.sequence = OLD.sequence AND e.type <> 'PayloadRedacted' AND e.data IS NULL)
       AND is_redacted(OLD.dossier_id, OLD.sequence)
     THEN RETURN NEW; END IF;
     RAISE EXCEPTION 'the log is append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
   END $$`,

  `CREATE FUNCTION refuse_change_but_erasure_of_answer() RETURNS trigger LANGUAGE plpgsql ${path} AS $$
   DECLARE erased idempotency;
   BEGIN
     erased := OLD;
     erased.answer := NULL;
     IF NEW *= erased AND EXISTS (
       SELECT FROM event r WHERE r.dossier_id = OLD.dossier_id AND r.type = 'PayloadRedacted' AND tells_of(OLD.answer, r.stream_id))
     THEN RETURN NEW; END IF;
     RAISE EXCEPTION 'the log is append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
   END $$`,

  ...[
    ['event', 'data'],
    ['ledger_leaf', 'salt'],
    ['idempotency', 'answer'],
  ].flatMap(([table, column]) => [
    `DROP TRIGGER ${table}_is_append_only ON ${table}`,
    `CREATE TRIGGER ${table}_is_append_only BEFORE DELETE OR TRUNCATE ON ${table}
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
    `CREATE TRIGGER ${table}_is_erased_by_order_only BEFORE UPDATE ON ${table}
       FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasure_of_${column}()`,
    // Of the rights that the owner gave up, erase_redacted needs this one back; the trigger above says what for.
    `GRANT UPDATE (${column}) ON ${table} TO CURRENT_USER`,
  ]),

  /**
   * Erases what the event at \`redaction\` names, as its owner, since the service may not change the log. Whoever comes too late finds nothing
   * left to do: all of it is erased in one transaction.
   */
  `CREATE FUNCTION erase_redacted(dossier uuid, redaction bigint) RETURNS void LANGUAGE plpgsql STRICT SECURITY DEFINER ${path} AS $$
   DECLARE thing uuid; named bigint[];
   BEGIN
     SELECT e.stream_id, ARRAY(SELECT json_array_elements_text(e.data -> 'sequences')::bigint) INTO thing, named
       FROM event e WHERE e.dossier_id = dossier AND e.sequence = redaction AND e.type = 'PayloadRedacted';
     named := ARRAY(SELECT e.sequence FROM event e
                     WHERE e.dossier_id = dossier AND e.sequence = ANY(named) AND e.sequence < redaction
                       AND e.data IS NOT NULL AND e.type <> 'PayloadRedacted' ORDER BY 1);
     IF cardinality(named) = 0 THEN RETURN; END IF;
     -- Without its leaf, what an event said could never be proved again to have been what it was.
     IF cardinality(named) <> (SELECT count(*) FROM ledger_leaf l WHERE l.dossier_id = dossier AND l.sequence = ANY(named)) THEN
       RAISE EXCEPTION 'an event that is to be erased has no leaf yet' USING ERRCODE = 'object_not_in_prerequisite_state';
     END IF;
     UPDATE event e SET data = NULL WHERE e.dossier_id = dossier AND e.sequence = ANY(named) AND e.data IS NOT NULL;
     UPDATE ledger_leaf l SET salt = NULL WHERE l.dossier_id = dossier AND l.sequence = ANY(named) AND l.salt IS NOT NULL;
     UPDATE idempotency i SET answer = NULL WHERE i.dossier_id = dossier AND tells_of(i.answer, thing);
     -- What an event could not be understood for may quote it.
     UPDATE dead_letter d SET error = 'redacted' WHERE d.dossier_id = dossier AND d.sequence = ANY(named);
     UPDATE projection_build b SET failure = json_build_object('sequence', b.failure -> 'sequence', 'type', b.failure -> 'type', 'error', 'redacted')
      WHERE b.dossier_id = dossier AND (b.failure ->> 'sequence')::bigint = ANY(named);
   END $$`,
  /**
   * A write that was decided before an order and recorded after it may still be answered with what was ordered erased; nobody takes as long
   * as an hour from the one to the other.
   */
  `CREATE FUNCTION keep_no_erased_answer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER ${path} AS $$
   BEGIN
     IF EXISTS (SELECT FROM event r WHERE r.dossier_id = (SELECT f.dossier_id FROM fresh f LIMIT 1) AND r.type = 'PayloadRedacted') THEN
       UPDATE idempotency i SET answer = NULL FROM fresh f, event r
        WHERE i.dossier_id = f.dossier_id AND i.key = f.key AND r.dossier_id = f.dossier_id AND r.type = 'PayloadRedacted'
          AND r.recorded_at > f.recorded_at - interval '1 hour' AND tells_of(f.answer, r.stream_id);
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER idempotency_keeps_nothing_erased AFTER INSERT ON idempotency REFERENCING NEW TABLE AS fresh
     FOR EACH STATEMENT EXECUTE FUNCTION keep_no_erased_answer()`,

  'REVOKE ALL ON FUNCTION erase_redacted(uuid, bigint) FROM PUBLIC',
];
