package tidemark.contract.run;

import java.io.IOException;
import java.util.function.DoubleSupplier;
import tidemark.report.Bystanders;

/** Tells how busy others keep the host. */
@FunctionalInterface
interface HostLoad {
    /** Begins to look. @return which share of the host's CPUs other processes have kept busy since; NaN if that is not known */
    DoubleSupplier watch();

    /** What Linux tells. */
    static DoubleSupplier ofThisHost() {
        try {
            Bystanders bystanders = Bystanders.watch();
            return () -> share(bystanders);
        } catch (IOException e) {
            return () -> Double.NaN;
        }
    }

    private static double share(Bystanders bystanders) {
        try {
            return bystanders.cpus() / Runtime.getRuntime().availableProcessors();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
