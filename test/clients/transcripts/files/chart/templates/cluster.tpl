apiVersion: cluster.k8s.io/v1alpha1
kind: Cluster
metadata:
  name: {{ .Release.Name }}
spec:
  clusterNetwork:
    pods: { cidrBlocks: [192.168.0.0/16] }
    services: { cidrBlocks: [10.96.0.0/12] }
    serviceDomain: cluster.local
  providerSpec:
    value:
      apiVersion: talosproviderconfig/v1alpha1
      kind: TalosClusterProviderSpec
      masters:
        ips: [203.0.113.10]
---
apiVersion: cluster.k8s.io/v1alpha1
kind: MachineDeployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: { set: worker }
  template:
    metadata:
      labels: { cluster.k8s.io/cluster-name: c, set: worker }
    spec:
      providerSpec:
        value:
          apiVersion: talosproviderconfig/v1alpha1
          kind: TalosMachineProviderSpec
          platform:
            type: gce
            config: |
              zone: us-central1-c
              project: talos-testbed
              instances:
                type: n1-standard-2
                image: https://www.googleapis.com/compute/v1/projects/talos-testbed/global/images/talos-e2e
