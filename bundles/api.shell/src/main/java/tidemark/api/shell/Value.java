package tidemark.api.shell;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How an option's value or an argument is called in help, and what completes it: {@code MACHINE}, {@code IMAGE}, {@code FILE}, or a kind
 * of part
 * in capitals. Of an argument that may be left out in brackets: {@code [KIND]}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Value {
    String value();
}
