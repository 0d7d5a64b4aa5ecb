package tidemark.shell;

import tidemark.api.machine.GuestPart.FetchableGuest;
import tidemark.api.machine.GuestPart.Guest;

/** @param state what is there of it, in words */
record GuestInfo(String name, String description, int minimumRamMiB, String state) {
    static GuestInfo of(Guest guest) {
        String state = guest instanceof FetchableGuest fetchable ? fetchable.fetched().orElse("not fetched yet: guest:fetch " + guest.name()) : "there";
        return new GuestInfo(guest.name(), guest.description(), guest.minimumRamMiB(), state);
    }
}
