package tidemark.api.machine;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/** Service: guests that can be run by name. The names are the values of the service property {@link #NAME}. */
@ConsumerType
public interface GuestPart {
    String NAME = "tidemark.guest";

    /** @return the guest, or empty if this part has none of that name */
    Optional<Guest> guest(String name);

    /** A program for a machine. */
    interface Guest {
        /** The name that the part is asked for, for example {@code cg.A}. */
        String name();

        /** One line for people. */
        String description();

        /** The least RAM that it runs in, in MiB. */
        int minimumRamMiB();

        /** Settings of a machine, keys of {@link MachineSpec#KEYS}, that hold for this guest where the user gives none; {@code arguments} come before the user's. */
        Map<String, String> settings();

        /**
         * A RISC-V ELF executable or a Linux {@code Image}; entered with a0 = hart id and a1 = physical address of the device tree, in M-mode unless the
         * machine has firmware.
         *
         * @throws MachineException if it has to be fetched first, with the command that does
         */
        byte[] kernel();

        /** The initial RAM disk, empty for none. */
        byte[] initrd();

        /**
         * The guest's own verdict on its result, in its own word (NPB: {@code SUCCESSFUL} or {@code UNSUCCESSFUL}).
         *
         * @param console what it printed
         * @return empty if it has printed none yet
         */
        Optional<String> verification(String console);
    }

    /** A guest that has to be fetched before it can be run, once for each user of the host. */
    interface FetchableGuest extends Guest {
        /** What is there, in words: a version. Empty if it has to be fetched. */
        Optional<String> fetched();

        /**
         * Fetches it, if it is not there; may take minutes. Goes on from where an earlier call was interrupted; until it is whole, {@link #fetched} stays
         * as it was. What machines use meanwhile is not touched. Any thread; calls of several threads and processes take turns.
         *
         * @param update looks for a newer version also if it is there
         * @param progress is told what is done and how far it is, a line for people each time
         * @return as {@link #fetched} then
         * @throws MachineException which says what failed, where, and the way out
         */
        String fetch(boolean update, Consumer<String> progress) throws InterruptedException;
    }
}
