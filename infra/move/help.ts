export const help = `Leaves a plane, or moves to one: from a laptop to AWS, from AWS to a laptop, from a backup to a new plane.

  npm run plastron -- export PLANE --out FILE [options]
  npm run plastron -- import FILE PLANE [options]

PLANE is one of
  --data DIR               a plane on this machine: the directory of "npm start", such as .plastron
  --table NAME             a plane on AWS: the output "Table" of its stack, reached with your AWS credentials
    --region R             its region (AWS_REGION)
    --prefix P             its name, that of its stack (Plastron)
    --key ARN              the key that seals its secrets (the customer key of the table)

export pauses every Cluster, waits for what runs, and writes all objects with their uids. The source stays paused: two
planes must never act on the same machines. If it fails, what it paused goes on.
  --out FILE               where to; a file that is there is not written over; - is standard output (npm run -s plastron ...)
  --passphrase-file FILE   encrypt it; else it holds keys and credentials in clear, readable by you alone
  --wait SECONDS           how long executions may take to end (1800)
  --no-pause               take it as it is and write nothing: for a table that was restored from a backup

import reads such a file (- is standard input) into a plane that has none of its objects, and when all are there lets go
the Clusters that the export paused. Interrupted, it is completed by the same command. A local plane must be stopped.
  --passphrase-file FILE   if the file is encrypted
  --keep-paused            let nothing go yet: later kubectl annotate cluster NAME cluster.k8s.io/paused-

  --json                   end with one line of JSON
  --help                   this text

To go on with the source after all: kubectl annotate cluster NAME cluster.k8s.io/paused-
Exit codes: 0 done, 1 not done (the last line says why), 2 a wrong option.`;
