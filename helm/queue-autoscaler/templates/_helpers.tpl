{{- define "queue-autoscaler.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* A release called like the chart does not say it twice. Names end at 63 characters. */}}
{{- define "queue-autoscaler.fullname" -}}
{{- $name := include "queue-autoscaler.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What a Deployment selects by can never be changed: nothing but these two, in any version. */}}
{{- define "queue-autoscaler.selectorLabels" -}}
app.kubernetes.io/name: {{ include "queue-autoscaler.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "queue-autoscaler.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "queue-autoscaler.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* A release's namespace and labels, under its full name. */}}
{{- define "queue-autoscaler.metadata" -}}
name: {{ include "queue-autoscaler.fullname" . }}
{{ include "queue-autoscaler.unnamed" . }}
{{- end -}}

{{- define "queue-autoscaler.unnamed" -}}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "queue-autoscaler.labels" . | nindent 2 }}
{{- end -}}

{{- define "queue-autoscaler.serviceAccountName" -}}
{{- $made := include "queue-autoscaler.fullname" . -}}
{{- default (ternary $made "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "queue-autoscaler.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ default .Chart.AppVersion $image.tag }}
{{- end -}}
{{- end -}}

{{/* Of what follows the seasons; a CronJob's name ends at 52 characters, before its pods'. */}}
{{- define "queue-autoscaler.season.name" -}}
{{- printf "%s-season" (include "queue-autoscaler.fullname" . | trunc 45 | trimSuffix "-") -}}
{{- end -}}

{{/* Not the controller's: neither its Service nor its budget is for these pods. */}}
{{- define "queue-autoscaler.season.selectorLabels" -}}
app.kubernetes.io/name: {{ include "queue-autoscaler.name" . | trunc 56 | trimSuffix "-" }}-season
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Queues whose modes change by a calendar, as a list in JSON. */}}
{{- define "queue-autoscaler.season.queues" -}}
{{- $found := list -}}
{{- range $queue, $settings := .Values.config.queues -}}
{{- if dig "modes" "season" "" $settings -}}{{- $found = append $found $queue -}}{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* What every container has of AWS and of its user's variables. */}}
{{- define "queue-autoscaler.environment" -}}
env:
  - name: AUTOSCALER_CONFIG
    value: /etc/autoscaler/autoscaler.yaml
  {{- with .Values.aws.region }}
  - name: AWS_REGION
    value: {{ . }}
  {{- end }}
  {{- with .Values.env }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .Values.envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Where every pod may run. */}}
{{- define "queue-autoscaler.nodes" -}}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* memory, file or dynamodb: the configuration's own default is memory. */}}
{{- define "queue-autoscaler.store" -}}
{{- dig "store" "type" "memory" .Values.config -}}
{{- end -}}

{{- define "queue-autoscaler.claim" -}}
{{- default (include "queue-autoscaler.fullname" .) .Values.persistence.existingClaim -}}
{{- end -}}

{{/* What the pods start anew for: all of the configuration, or what no running one takes over. */}}
{{- define "queue-autoscaler.checksum" -}}
{{- $fixed := pick .Values.config "installation" "store" "period" "launch_rate" -}}
{{- ternary $fixed .Values.config (eq .Values.reload "hot") | toYaml | sha256sum -}}
{{- end -}}

{{/* In PromQL, by queue: its own promise, or else that of all. */}}
{{- define "queue-autoscaler.promise" -}}
{{- range $queue, $seconds := .Values.prometheusRule.promises -}}
label_replace(vector({{ $seconds }}), "queue", {{ $queue | quote }}, "", "") or on (queue) {{ end -}}
0 * max by (queue) (autoscaler_queue_messages) + {{ .Values.prometheusRule.promise }}
{{- end -}}
