apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  labels: { served: {{ .Capabilities.APIVersions.Has "cluster.k8s.io/v1alpha1/Cluster" | quote }} }
data:
  replicas: {{ .Values.replicas | quote }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}
stringData:
  key: value
