#compdef autoscaler
# Completion of `autoscaler` @VERSION@ for zsh, printed by `autoscaler completion zsh`.
_autoscaler() {
    local -a offers before=("${(@Q)words[2,CURRENT-1]}")
    local line
    for line in "${(@f)$(print -r -- "$_autoscaler_offers" | awk "$_autoscaler_choose" "$before[@]" "$words[CURRENT]")}"; do
        case $line in
        '') ;;
        @files) _files ;;
        @*) offers+=(${(f)"$(${~words[1]} completion names ${line#@} "$before[@]" 2>/dev/null)"}) ;;
        *) offers+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
        esac
    done
    (( $#offers )) && _describe autoscaler offers
}
typeset -g _autoscaler_offers=@OFFERS@
typeset -g _autoscaler_choose=@CHOOSE@
if [[ $funcstack[1] == _autoscaler ]]; then
    _autoscaler "$@"
else
    compdef _autoscaler autoscaler
fi
