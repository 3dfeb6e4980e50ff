#!/bin/sh
# Answers git's questions for a user name and password, and only for the remote that they belong to:
# a rewritten or redirected URL asks for another host and gets nothing.
case "$1" in
    "Username for 'https://$LOCKSTEP_GIT_ORIGIN'"* | "Username for 'https://"*"@$LOCKSTEP_GIT_ORIGIN'"*)
        printf '%s\n' "$LOCKSTEP_GIT_USERNAME" ;;
    "Password for 'https://$LOCKSTEP_GIT_ORIGIN'"* | "Password for 'https://"*"@$LOCKSTEP_GIT_ORIGIN'"*)
        printf '%s\n' "$LOCKSTEP_GIT_PASSWORD" ;;
    *) exit 1 ;;
esac
