#!/usr/bin/env bash
# Classes for Java, Go or C# from a JSON Schema, compiled into a program that reads records, one a line, and writes them back.
# Usage: recipe.sh java|go|csharp SCHEMA FOLDER     then: FOLDER/run < records.ndjson
set -euo pipefail
case $#:${1-} in
3:java | 3:go | 3:csharp) ;;
*)
  sed -n '2,3s/^# //p' "$0" >&2
  [ "${1-}" = --help ] || [ "${1-}" = -h ] && exit 0
  exit 2
  ;;
esac
language=$1 schema=$(realpath "$2") folder=$3 here=$(cd "$(dirname "$0")" && pwd)
quicktype=${QUICKTYPE:-npx --yes quicktype@23.0.171}
mkdir -p "$folder" && cd "$folder"

# Times stay the texts that they are: a class for times would write another offset and other digits.
node -e 'const without = (key, value) => (key === "format" ? undefined : value);
  const schema = JSON.parse(require("fs").readFileSync(process.argv[1]), without);
  require("fs").writeFileSync("Record.json", JSON.stringify(schema))' "$schema"

generate() { $quicktype --src-lang schema --top-level Record "$@" Record.json; }

case $language in
java)
  generate --lang java --package city --out Record.java
  jars=${JACKSON:?the paths of jackson-databind, jackson-core and jackson-annotations, with colons between}
  javac -cp "$jars" -d classes ./*.java "$here/Main.java"
  echo "java -cp '$PWD/classes:$jars' city.Main" >run
  ;;
go)
  generate --lang go --package main --omit-empty --out record.go
  cp "$here/main.go" . && [ -f go.mod ] || go mod init city 2>/dev/null
  go build -o records .
  echo "'$PWD/records'" >run
  ;;
csharp)
  generate --lang csharp --namespace City --csharp-version 6 --framework NewtonSoft --out Record.cs
  newtonsoft=${NEWTONSOFT:-/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll}
  cp "$newtonsoft" .
  mcs -nowarn:3021 -r:Newtonsoft.Json.dll -out:records.exe Record.cs "$here/Program.cs"
  echo "mono '$PWD/records.exe'" >run
  ;;
esac
chmod +x run
