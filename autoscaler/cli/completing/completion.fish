# Completion of `autoscaler` @VERSION@ for fish, printed by `autoscaler completion fish`.
function __autoscaler_complete
    set -l line (commandline -opc)
    set -l before $line[2..]
    set -l current (commandline -ct)
    for offer in (printf '%s\n' $__autoscaler_offers | awk "$__autoscaler_choose" $before "$current")
        switch $offer
            case '@files'
                __fish_complete_path $current
            case '@*'
                $line[1] completion names (string sub --start 2 -- $offer) $before 2>/dev/null
            case '*'
                printf '%s\n' $offer
        end
    end
end
set -g __autoscaler_offers @OFFERS@
set -g __autoscaler_choose @CHOOSE@
complete --command autoscaler --no-files --arguments '(__autoscaler_complete)'
