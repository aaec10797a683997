# Which words may follow a command line, for completion; awk, so that all shells share it.
# Input: what there is, a line each of path, word, value and help, parted by tabs. Arguments: the
# words so far, and last the one being written. Prints words with their help, or @KIND of names.
BEGIN {
    FS = "\t"
    for (n = 1; n < ARGC; n++) given[n] = ARGV[n]
    count = ARGC - 1
    ARGC = 1
}
{
    path[NR] = $1; word[NR] = $2; value[NR] = $3; help[NR] = $4
    there[$1, $2] = NR
}
END {
    for (n = 1; n < count; n++) follow(given[n])
    current = given[count]
    if (wanted) offer_values(value[wanted], "")
    else if (current ~ /^--[^=]+=/) {
        named = substr(current, 1, index(current, "=") - 1)
        if ((at, named) in there) offer_values(value[there[at, named]], named "=")
    }
    else if (current ~ /^-/) offer_words("option")
    else {
        offer_words("verb")
        slot = "#" (taken + 1)
        if (!((at, slot) in there)) slot = "#*"
        if ((at, slot) in there) offer_values(value[there[at, slot]], "")
    }
}
function follow(text,    n) {
    if (wanted) { wanted = 0; return }
    n = (at, text) in there ? there[at, text] : 0
    if (text ~ /^-/) wanted = n && value[n] != "flag" ? n : 0
    else if (n && value[n] == "verb") at = at == "" ? text : at " " text
    else taken++
}
function offer_words(kind,    n) {
    for (n = 1; n <= NR; n++)
        if (path[n] == at && kind == (value[n] == "verb" ? "verb" : word[n] ~ /^-/ ? "option" : ""))
            offer(word[n], help[n])
}
function offer_values(of, before,    n, all, words) {
    if (of ~ /^@/) { print of; return }
    if (of == "free") return
    words = split(of, all, " ")
    for (n = 1; n <= words; n++) offer(before all[n], "")
}
function offer(text, why) {
    if (index(text, current) == 1) print text "\t" why
}
