package tidemark.device.virtio.net;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import tidemark.api.device.DeviceContext;

/** The address of a network card (IEEE 802): six bytes. */
record MacAddress(byte[] bytes) {
    static final int LENGTH = 6;
    static final String OPTION = "mac";
    private static final int GROUP = 1;
    private static final int LOCAL = 2;
    private static final int VENDOR = 'T';

    /** @throws IllegalArgumentException if the option is not the address of a card */
    static MacAddress of(DeviceContext context) {
        String text = context.options().get(OPTION);
        return text == null ? ofName(context.name()) : parse(context.name(), text);
    }

    /** Locally administered, the same for the same name: a restored guest finds its card. */
    private static MacAddress ofName(String name) {
        return new MacAddress(ByteBuffer.allocate(LENGTH).put((byte) LOCAL).put((byte) VENDOR).putInt(name.hashCode()).array());
    }

    private static MacAddress parse(String name, String text) {
        if (text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")) {
            byte[] bytes = HexFormat.ofDelimiter(":").parseHex(text);
            if ((bytes[0] & GROUP) == 0) {
                return new MacAddress(bytes);
            }
        }
        throw new IllegalArgumentException("Device " + name + ": mac=" + text + " is not the address of a network card; write six bytes, the first one even, "
                + "for example mac=52:54:00:12:34:56");
    }
}
