#!/bin/sh
# Run once by the image of PostgreSQL, when its volume is empty: a user that owns the
# archive's database, and nothing else.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$DATABASE_PASSWORD" --username=postgres <<'SQL'
CREATE ROLE newsarchive LOGIN PASSWORD :'password';
CREATE DATABASE newsarchive OWNER newsarchive;
SQL
