package tidemark.firmware.sbi;

import org.osgi.service.component.annotations.Component;
import tidemark.api.machine.Firmware;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.machine.FirmwarePart;

/** Supervisor binary interface without M-mode code: calls are served by the platform, so that a kernel finds a real SBI and nothing of it is in its RAM. */
@Component(property = FirmwarePart.NAME + "=sbi")
public final class SbiPart implements FirmwarePart {
    @Override
    public Firmware create(FirmwareContext context) {
        return new Sbi(context);
    }
}
