/** The two ways through a store, with each metric where it is recorded. */

export const LOAD_PATH = `## The path of a load

\`\`\`mermaid
flowchart TD
  request["request: blocks wanted"] --> lookup["look up, tier by tier<br/>lookup.duration, lookup.blocks"]
  lookup -->|"missed by all"| compute["compute"]
  lookup -->|"hits in l1 and l2"| submit["submit a load task"]
  subgraph task["load task: task.duration, task.bandwidth, tasks"]
    submit -->|"task.queue.duration"| picked["a worker takes it"]
    picked -->|"task.dispatch.duration"| dispatched["buffers are there, reads are submitted<br/>task.shards by origin"]
    dispatched -->|"task.wait.duration"| ready["its last shard is in l1"]
    ready -->|"task.copy.duration"| done["its bytes are in l0<br/>task.io, task.blocks"]
  end
  dispatched --> shard["one shard waits: shard.wait.duration"]
  shard --> ready
  subgraph lower["lower tier, l2: io.task.duration"]
    queued["read is queued"] -->|"io.queue.duration"| reading["read runs<br/>io.duration, io.bandwidth, io, io.errors"]
  end
  dispatched --> queued
  reading --> shard
  done --> first["compute goes on"]
  first -.->|"layer by layer"| waits["layer.wait.duration, layer.overlap, layer.stalls"]
\`\`\`

Around it, as the connector sees it: \`transfer.duration\`, \`transfer.size\`, \`transfer.io\` from l1 to l0. The four stages add up to the
task; shards wait side by side and do not.`;

export const DUMP_PATH = `## The path of a dump

\`\`\`mermaid
flowchart TD
  computed["blocks are computed: stores, cause computed"] --> submit["submit a dump task"]
  subgraph task["dump task: task.duration, task.bandwidth, tasks"]
    submit -->|"task.queue.duration"| picked["a worker takes it"]
    picked -->|"task.dispatch.duration"| dispatched["buffers are there, copies are submitted<br/>task.shards by origin"]
    dispatched -->|"task.copy.duration"| copied["its bytes are in l1: stores, cause offloaded"]
    copied -->|"task.handoff.duration"| handed["the lower tier has taken it over<br/>task.io, task.blocks"]
  end
  handed --> buffer["blocks wait to be written"]
  subgraph lower["lower tier, l2: io.task.duration"]
    buffer -->|"io.queue.duration"| writing["write runs<br/>io.duration, io.bandwidth, io"]
  end
  writing -->|"fails"| errors["io.errors: the only sign"]
  writing --> written["readable from l2"]
  handed --> ended["the dump has ended"]
  ended -.->|"layer by layer"| tail["layer.save_tail.duration"]
\`\`\`

A dump ends when the lower tier has taken it over. What becomes of the write afterwards is in the metrics of io, and not in those of the
task.`;
