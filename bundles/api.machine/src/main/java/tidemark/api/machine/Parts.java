package tidemark.api.machine;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Service: the replaceable parts that are deployed now, by kind and name. Any thread. */
@ProviderType
public interface Parts {
    /** All parts, by kind, then name. */
    List<PartInfo> list();

    /** The names of the parts of one kind, sorted. */
    List<String> names(String kind);

    /**
     * Takes a part into use.
     *
     * @param type the service type, with a constant {@code NAME} that is its name property
     * @param kind for people and in {@link PartInfo}: cpu, memory, device, tracker, copier, stop, protocol, layout, guest, firmware, disk, network
     * @param gone called when the part is about to go (stop, update, uninstall of its bundle), on the thread that takes it away, before it is gone: whoever
     *     uses it leaves it before this returns; called at most once, not after {@link Use#close}
     * @throws MachineException if none of that name is deployed, with the nearest names
     */
    <T> Use<T> use(Class<T> type, String kind, String name, Runnable gone);

    /** Calls {@code change} whenever parts come or go, on any thread. */
    AutoCloseable onChange(Runnable change);

    /** A part in use. */
    interface Use<T> extends AutoCloseable {
        T part();

        PartInfo info();

        @Override
        void close();
    }

    /**
     * @param bundle symbolic name
     * @param users how many uses are open
     */
    record PartInfo(String kind, String name, String bundle, String version, String state, int users) {}
}
