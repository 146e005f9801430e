#!/bin/sh
# Run once by the PostgreSQL image in a new data folder: Loa's database, roles and extensions.
set -eu
LOA_OWNER_PASSWORD=$(cat /run/secrets/owner)
LOA_APP_PASSWORD=$(cat /run/secrets/app)
export LOA_OWNER_PASSWORD LOA_APP_PASSWORD
psql --no-psqlrc --username="$POSTGRES_USER" --dbname=postgres \
    --set=database=loa --set=owner=loa_owner --set=app=loa_app --file=/loa/roles.sql
