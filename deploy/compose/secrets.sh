#!/bin/sh
# Makes the broker's passwords, once: secrets/users.json for RabbitMQ and secrets/<user>.env for the container that
# signs in as that user. What is there already is kept; remove the folder to make new ones.
set -eu
cd "$(dirname "$0")"
umask 077
[ ! -e secrets ] || { echo "secrets.sh: secrets/ is there already" >&2; exit 1; }
mkdir secrets
{
    printf '{"users":['
    comma=
    for user in hub hub-drill omantel ooredoo vodafone; do
        password=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
        printf '%s{"name":"%s","password":"%s","tags":""}' "$comma" "$user" "$password"
        printf 'NADHIR_AMQP_URL=amqp://%s:%s@rabbitmq:5672/nadhir\n' "$user" "$password" > "secrets/$user.env"
        # The hub sends drills as a user of their own.
        [ "$user" != hub-drill ] ||
            printf 'NADHIR_AMQP_URL_DRILL=amqp://%s:%s@rabbitmq:5672/nadhir\n' "$user" "$password" >> secrets/hub.env
        comma=,
    done
    printf ']}\n'
} > secrets/users.json
# RabbitMQ runs as a user of its own, who reads the file through a read-only mount.
chmod 644 secrets/users.json
echo "secrets/ made"
