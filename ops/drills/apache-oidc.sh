#!/bin/sh
# Drill: Debian's Apache with libapache2-mod-auth-openidc signs people in through a running installation and
# lets in who holds a role, and signs them out by back-channel. Follows docs/howto/connect-a-program.md, step 4.
#
#   ops/drills/apache-oidc.sh [site] [user] [password]     default: what `make run` brings up, `hotich`
#
# Needs root on Debian or Ubuntu: installs the two packages if they are missing (network), starts an Apache of its own
# on port 8399 from a folder of its own, and takes it away again. Not part of `make test`, because it installs packages.
set -eu
site=${1:-http://127.0.0.1:8000}
user=${2:-hotich}
password=${3:-tinhso2026}
here=$(cd "$(dirname "$0")/../.." && pwd)
port=8399
work=$(mktemp -d)
trap 'test -f "$work/pid" && kill "$(cat "$work/pid")" 2>/dev/null; rm -rf "$work"' EXIT

modules=/usr/lib/apache2/modules
if [ ! -f $modules/mod_auth_openidc.so ]; then
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends apache2-bin libapache2-mod-auth-openidc >/dev/null
fi

"$here/.venv/bin/python" "$here/ops/drills/apache_oidc.py" connect "http://127.0.0.1:$port" >"$work/client"
read -r id secret <"$work/client"
mkdir -p "$work/htdocs/protected"
printf 'the protected page\n' >"$work/htdocs/protected/index.html"
cat >"$work/conf" <<CONF
ServerName 127.0.0.1
Listen 127.0.0.1:$port
PidFile $work/pid
DocumentRoot $work/htdocs
DirectoryIndex index.html
ErrorLog $work/error.log
User www-data
Group www-data
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authn_core_module $modules/mod_authn_core.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule authz_user_module $modules/mod_authz_user.so
LoadModule dir_module $modules/mod_dir.so
LoadModule auth_openidc_module $modules/mod_auth_openidc.so
OIDCProviderMetadataURL $site/.well-known/openid-configuration
OIDCClientID $id
OIDCClientSecret $secret
OIDCRedirectURI http://127.0.0.1:$port/protected/callback
OIDCCryptoPassphrase only-for-the-drill
OIDCScope "openid profile posts"
OIDCPKCEMethod S256
OIDCSessionType server-cache
OIDCCacheType shm
<Location /protected>
  AuthType openid-connect
  Require claim groups~^civil_status_officer@
</Location>
<Location /protected/callback>
  AuthType openid-connect
  Require valid-user
</Location>
CONF
chmod -R a+rX "$work"
/usr/sbin/apache2 -f "$work/conf" || { cat "$work/error.log"; exit 1; }
"$here/.venv/bin/python" "$here/ops/drills/apache_oidc.py" try "http://127.0.0.1:$port" "$site" "$user" "$password" || { grep -v "unhandled in-array" "$work/error.log" | tail -20; exit 1; }
