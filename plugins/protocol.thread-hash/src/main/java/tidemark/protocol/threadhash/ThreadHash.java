package tidemark.protocol.threadhash;

import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointProtocol;
import tidemark.api.checkpoint.CheckpointSession;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.SideMemory;
import tidemark.api.memory.PageSet;

/**
 * Thread-based live checkpointing with a hash table of dirty pages. A thread copies all pages once; meanwhile the hart's thread keeps what was
 * written in the table, which follows to the image when the guest runs again. Siripoonya and Chanchio, Thread-based Live Checkpointing of Virtual
 * Machines, IEEE NCA 2011; the stages are the paper's.
 */
@Component(property = CheckpointProtocol.NAME + "=thread-hash")
public final class ThreadHash implements CheckpointProtocol {
    @Override
    public String description() {
        return "a thread copies all pages once, the hart's thread keeps dirty ones in a table; pause; last pages and devices; resume; the table; commit";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("hashTickMs", 100, 1, "time between two looks for dirty pages"),
                Option.oneOf("skipHashed", List.of("yes", "no"), "whether the thread leaves out what is in the table (the paper's first optimisation)"),
                Option.oneOf("lastPages", List.of("image", "table"), "where the last pages go while the guest stands: to the image, and leave the table "
                        + "(the second optimisation), or to the table"));
    }

    @Override
    public void take(CheckpointSession session) throws CheckpointException, InterruptedException {
        boolean skipHashed = session.word("skipHashed").equals("yes");
        boolean lastToTable = session.word("lastPages").equals("table");

        // Stage 1
        session.startLog();
        SideMemory table = session.sideMemory();
        // Stage 2
        session.copyBeside(session.allPages(), Duration.ofMillis(session.option("hashTickMs")), () -> {
            PageSet dirty = session.nextEpoch();
            table.put(dirty);
            if (skipHashed) {
                session.skip(dirty);
            }
            return true;
        });
        // Stage 3
        session.pause();
        PageSet last = session.nextEpoch();
        if (lastToTable) {
            table.put(last);
        }
        session.copy(session.owed());
        session.saveDevices();
        session.resume();
        // Stage 4
        table.copyToImage();
        session.commit();
    }
}
