{{/*
What values must be to each other, which no schema can say in a sentence; all problems at once.
Helm without its schema (--skip-schema-validation) gets here as well.
*/}}
{{- define "queue-autoscaler.checks" -}}
{{- $problems := list -}}
{{- $values := .Values -}}
{{- $store := include "queue-autoscaler.store" . -}}
{{- if not $values.config -}}
{{- $problems = append $problems "config is empty: put the content of your autoscaler.yaml under it, or pass a file with it by --values; `autoscaler init` writes a first one" -}}
{{- end -}}
{{- if not (has (int $values.replicas) (list 1 2)) -}}
{{- $problems = append $problems (printf "replicas is %v: one does the work, a second one stands by, and more do not help" $values.replicas) -}}
{{- end -}}
{{- if and (gt (int $values.replicas) 1) (ne $store "dynamodb") -}}
{{- $problems = append $problems (printf "replicas is %v, but the store %s is for one replica: set config.store to {type: dynamodb, table: ...}, which replicas share, or replicas to 1" $values.replicas $store) -}}
{{- end -}}
{{- if and (eq $store "file") (not (hasPrefix "/" (dig "store" "path" "" $values.config))) -}}
{{- $problems = append $problems "config.store.path must begin with /, such as /var/lib/autoscaler: a volume is mounted there" -}}
{{- end -}}
{{- if and (eq $values.aws.identity "irsa") $values.serviceAccount.create (not $values.aws.roleArn) -}}
{{- $problems = append $problems "aws.identity is irsa, but aws.roleArn is empty: name the role that the service account may assume" -}}
{{- end -}}
{{- if and $values.season.enabled (eq (include "queue-autoscaler.season.queues" .) "[]") -}}
{{- $problems = append $problems "season is enabled, but no queue has a season to follow: write one under config.queues.NAME.modes.season, or set season.enabled to false" -}}
{{- end -}}
{{- if and $values.season.enabled (ne $store "dynamodb") -}}
{{- $problems = append $problems (printf "season is enabled, but the store %s cannot be shared with its pods: set config.store to {type: dynamodb, table: ...}" $store) -}}
{{- end -}}
{{- if and $values.season.enabled (eq $values.aws.identity "irsa") (not $values.season.roleArn) -}}
{{- $problems = append $problems "aws.identity is irsa, but season.roleArn is empty: name a role that may do what `autoscaler iam --for operator` prints" -}}
{{- end -}}
{{- if and $values.serviceMonitor.enabled (not $values.status.tokenSecret.name) -}}
{{- $problems = append $problems "serviceMonitor needs status.tokenSecret.name, as metrics are told to holders of a token: kubectl create secret generic NAME --from-literal=token=$(openssl rand -hex 32)" -}}
{{- end -}}
{{- if and $values.networkPolicy.enabled $values.serviceMonitor.enabled (not $values.networkPolicy.metricsFrom) -}}
{{- $problems = append $problems "networkPolicy.metricsFrom is empty, so nobody could scrape the metrics: name the namespace of your Prometheus in it" -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n  %s\n" (join "\n  " $problems)) -}}
{{- end -}}
{{- end -}}
