-- Makes Standpoint's two roles and its database. Run once as a superuser:
--   OWNER_PASSWORD=... SERVICE_PASSWORD=... psql -f docs/roles.sql postgres://postgres@HOST/postgres
\getenv owner_password OWNER_PASSWORD
\getenv service_password SERVICE_PASSWORD

-- Owns the tables and migrates them. Nothing runs as this role between two starts.
CREATE ROLE standpoint_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';

-- What the service runs as. It owns nothing; each start grants it reading and appending, and writing to what is derived from the log.
CREATE ROLE standpoint LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'service_password';

CREATE DATABASE standpoint OWNER standpoint_owner TEMPLATE template0 ENCODING 'UTF8';
