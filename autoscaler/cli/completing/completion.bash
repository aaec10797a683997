# Completion of `autoscaler` @VERSION@ for bash, printed by `autoscaler completion bash`.
_autoscaler() {
    local IFS=$'\n' current=${COMP_WORDS[COMP_CWORD]} line word
    local -a before=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == = ]] || before+=("$word")
    done
    [[ $current == = ]] && current=
    COMPREPLY=()
    while read -r line; do
        case $line in
        @files) COMPREPLY+=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null ;;
        @*)
            word=$("${COMP_WORDS[0]/#\~/$HOME}" completion names "${line#@}" "${before[@]}" 2>/dev/null)
            COMPREPLY+=($(compgen -W "$word" -- "$current"))
            ;;
        *) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
    done < <(printf '%s\n' "$_autoscaler_offers" | awk "$_autoscaler_choose" "${before[@]}" "$current")
}
_autoscaler_offers=@OFFERS@
_autoscaler_choose=@CHOOSE@
complete -F _autoscaler autoscaler
