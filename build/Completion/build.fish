# Completion of build.sh for fish: ./build.sh --completion fish | source
function __openstack_images
    set -l words (commandline -opc) (commandline -ct)
    set -l build (string replace -r '^~' $HOME -- $words[1])
    string match -q '*/*' -- $build; or set build (command -s -- $build)
    set -l root (realpath (dirname -- $build))
    test -f $root/build/Completion/complete; or return # somebody else's build.sh
    for line in (bash $root/build/Completion/complete $root $words[2..])
        if test "$line" = @file
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c build.sh -f -a '(__openstack_images)'
