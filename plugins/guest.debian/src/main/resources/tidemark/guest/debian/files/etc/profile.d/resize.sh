# Asks the terminal at the other end of the line for its size, which a serial line does not tell.
resize() {
    local was rest rows cols
    was=$(stty -g)
    stty raw -echo min 0 time 10
    printf '\0337\033[r\033[999;999H\033[6n\0338'
    IFS='[;' read -r -d R rest rows cols
    stty "$was"
    [ -z "$cols" ] || stty rows "$rows" cols "$cols"
    stty size
}
