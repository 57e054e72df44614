from django.db import migrations

# Where a consensus is wanted, readers stay blinded beyond their signatures: until the protocol is unblinded.
_WITH_CONSENSUS = """
CREATE OR REPLACE FUNCTION reads_still_blinded(person bigint, in_study bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM reads_readsession session
        JOIN reads_readprotocol protocol ON protocol.id = session.protocol_id
        WHERE protocol.study_id = in_study AND protocol.status = 'open'
          AND session.reader_id = person AND session.state = 'open'
    ) OR EXISTS (
        SELECT 1 FROM reads_protocolreader assignment
        JOIN reads_readprotocol protocol ON protocol.id = assignment.protocol_id
        WHERE protocol.study_id = in_study AND protocol.status = 'open' AND assignment.reader_id = person
          AND (protocol.consensus_wanted OR protocol.sessions_per_reader > (
              SELECT count(*) FROM reads_readsession session
              WHERE session.protocol_id = protocol.id AND session.reader_id = person AND session.state = 'signed'
          ))
    );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reads", "0002_the_whole_protocol")]
    operations = [migrations.RunSQL(_WITH_CONSENSUS, migrations.RunSQL.noop)]
